#!/usr/bin/env bash
# kcat 1.7.1 with librdkafka 2.0.2 (both of Debian 12): a Kafka 4.3.1 broker refuses its SCRAM login, although the
# password is right.
#
# Behaviour: the login ends with "Authentication failed during authentication due to invalid credentials with SASL
# mechanism SCRAM-SHA-512". Kafka's own client gets in with the same user and password. In its last message a SCRAM client
# has to repeat client and server nonce (RFC 5802); librdkafka before 2.6.1 repeats the wrong one (librdkafka#4895,
# edenhill/kcat#462), which brokers before 4.0 did not notice.
# The wrong guess: that the password or the user's SCRAM credentials on the broker are wrong, as the message says.
# Source: kcat 1.7.1-2, librdkafka1 2.0.2-1 (Debian 12); org.apache.kafka:kafka_2.13 4.3.1 (Maven Central).
# Why it matters: who tries out a secured cluster with the distribution's kcat looks for the fault in the cluster.
# Needs a Debian 12 with apt, a JDK and Maven. Loopback only; stops by itself after at most some minutes.
set -euo pipefail
version=4.3.1
kcat_version=1.7.1-2
librdkafka_version=2.0.2-1
folder=$(mktemp -d)
broker=
trap '[ -z "$broker" ] || kill -9 "$broker" 2>/dev/null; rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq download "kcat=$kcat_version" "librdkafka1=$librdkafka_version" libyajl2 2>/dev/null
for package in *.deb; do dpkg-deb -x "$package" debian; done
cat > pom.xml <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$version</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>$version</version></dependency>
  </dependencies>
</project>
POM
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib > maven.log 2>&1 || { cat maven.log; exit 1; }
read -r client controller among < <(shuf -i 20000-29999 -n 3 | xargs)
cat > server.properties <<CONFIG
node.id=1
process.roles=broker,controller
controller.quorum.voters=1@127.0.0.1:$controller
controller.listener.names=CONTROLLER
listeners=CLIENT://127.0.0.1:$client,CONTROLLER://127.0.0.1:$controller,BROKER://127.0.0.1:$among
advertised.listeners=CLIENT://127.0.0.1:$client,BROKER://127.0.0.1:$among
listener.security.protocol.map=CLIENT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT,BROKER:PLAINTEXT
inter.broker.listener.name=BROKER
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.client.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
log.dirs=$folder/log
offsets.topic.replication.factor=1
CONFIG
cat > client.properties <<CONFIG
security.protocol=SASL_PLAINTEXT
sasl.mechanism=SCRAM-SHA-512
sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="alice" password="wonderland";
CONFIG
run() { java -Xmx256m -cp "lib/*" "$@"; }
run kafka.tools.StorageTool format -t "$(run kafka.tools.StorageTool random-uuid 2>/dev/null)" -c server.properties \
    --add-scram 'SCRAM-SHA-512=[name=alice,password=wonderland]' > format.log 2>&1 || { cat format.log; exit 1; }
java -Xmx256m -cp "lib/*" kafka.Kafka server.properties > broker.log 2>&1 &
broker=$!
disown
for _ in $(seq 20); do
    if timeout 30 java -Xmx256m -cp "lib/*" org.apache.kafka.tools.TopicCommand --bootstrap-server "127.0.0.1:$client" \
        --command-config client.properties --list > java.log 2>&1; then
        java=in
        break
    fi
done
refused=$(LD_LIBRARY_PATH=$(dirname "$(find debian -name librdkafka.so.1)") timeout 60 debian/usr/bin/kcat -L -m 10 \
    -b "127.0.0.1:$client" -X security.protocol=SASL_PLAINTEXT -X sasl.mechanism=SCRAM-SHA-512 \
    -X sasl.username=alice -X sasl.password=wonderland 2>&1) && kcat=in || kcat=out
echo "kafka_2.13 $version, $(java -version 2>&1 | head -n 1), kcat $kcat_version, librdkafka1 $librdkafka_version"
echo "kafka-clients: ${java:-out}"
echo "kcat: $kcat"
sed "s/127.0.0.1:$client/BROKER/g" <<< "$refused" | head -n 3
[ "${java:-out}" = in ]
[ "$kcat" = out ]
grep -q 'invalid credentials with SASL mechanism SCRAM-SHA-512' <<< "$refused"
