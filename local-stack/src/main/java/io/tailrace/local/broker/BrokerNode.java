package io.tailrace.local.broker;

/** One combined broker and controller of a cluster on this machine: its id and its two ports on 127.0.0.1. */
record BrokerNode(int id, int clientPort, int controllerPort) {

    String clientAddress() {
        return BrokerProperties.HOST + ":" + clientPort;
    }

    String voter() {
        return id + "@" + BrokerProperties.HOST + ":" + controllerPort;
    }
}
