package io.tailrace.local.broker;

/**
 * One combined broker and controller of a cluster on this machine: its id and its ports on 127.0.0.1.
 *
 * @param brokerPort for the other brokers, where clients have to log in; else they come by the clients' port
 */
record BrokerNode(int id, int clientPort, int controllerPort, int brokerPort) {

    String clientAddress() {
        return BrokerProperties.HOST + ":" + clientPort;
    }

    String brokerAddress() {
        return BrokerProperties.HOST + ":" + brokerPort;
    }

    String controllerAddress() {
        return BrokerProperties.HOST + ":" + controllerPort;
    }

    String voter() {
        return id + "@" + controllerAddress();
    }
}
