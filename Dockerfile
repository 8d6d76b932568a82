# The images of our services, from the jars that 'mvn package' has built (docker compose up --build takes them from here):
#   docker build --target gateway .     also: coordinator, build-worker, turn-worker
# Each jar is taken apart, so that an image's large layer, the libraries, changes only when they do.
FROM eclipse-temurin:25-jre AS jars
WORKDIR /jars
COPY api-gateway/target/api-gateway-*.jar gateway.jar
COPY run-coordinator/target/run-coordinator-*.jar coordinator.jar
COPY build-worker/target/build-worker-*.jar build-worker.jar
COPY turn-worker/target/turn-worker-*.jar turn-worker.jar
RUN for service in gateway coordinator build-worker turn-worker; do \
      java -Djarmode=tools -jar "$service.jar" extract --layers --application-filename app.jar --destination "$service" || exit 1; \
    done

FROM eclipse-temurin:25-jre AS service
# curl is what the health checks ask with.
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --home-dir /data --create-home --shell /usr/sbin/nologin tailrace
WORKDIR /app
USER tailrace
# Each service's command is its heap, the same as './tailrace up' gives it, and its program: give another command for
# another heap. A share of the container's memory would not do: most of a build-worker's is for its builds.
ENTRYPOINT ["java", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"]

FROM service AS gateway
COPY --from=jars /jars/gateway/dependencies/ /jars/gateway/snapshot-dependencies/ ./
COPY --from=jars /jars/gateway/application/ ./
# Indexes of repositories; a new named volume takes over its owner.
VOLUME /data
CMD ["-Xmx768m", "-jar", "/app/app.jar"]

FROM service AS coordinator
COPY --from=jars /jars/coordinator/dependencies/ /jars/coordinator/snapshot-dependencies/ ./
COPY --from=jars /jars/coordinator/application/ ./
# State; a new named volume takes over its owner.
VOLUME /data
CMD ["-Xmx384m", "-jar", "/app/app.jar"]

FROM service AS turn-worker
COPY --from=jars /jars/turn-worker/dependencies/ /jars/turn-worker/snapshot-dependencies/ ./
COPY --from=jars /jars/turn-worker/application/ ./
# Indexes of repositories; a new named volume takes over its owner.
VOLUME /data
# A worker that is short of memory gives up the one stage that wants too much, and not all of them with itself.
CMD ["-Xmx384m", "-XX:-ExitOnOutOfMemoryError", "-jar", "/app/app.jar"]

# Has what builds need, and what isolates them. Give its container an init (compose: init: true): builds leave orphans.
FROM service AS build-worker
USER root
RUN apt-get update \
    && apt-get install -y --no-install-recommends bubblewrap procps python3 python3-venv \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o tailrace /environments
USER tailrace
COPY --from=jars /jars/build-worker/dependencies/ /jars/build-worker/snapshot-dependencies/ ./
COPY --from=jars /jars/build-worker/application/ ./
# Build folders and caches; environments.
VOLUME /data /environments
# A worker that is short of memory gives up the one stage that wants too much, and not all of them with itself.
CMD ["-Xmx384m", "-XX:-ExitOnOutOfMemoryError", "-jar", "/app/app.jar"]
