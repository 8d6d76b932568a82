#!/usr/bin/env bash
# spring-boot 4.1.1 (webmvc, actuator): an empty element in the header Accept makes an actuator endpoint answer 500.
#
# Behaviour: 'Accept: text/plain,,*/*' and 'Accept: ,text/plain' are answered 500 by actuator endpoints (health and
# prometheus were tried), with an InvalidMimeTypeException in the log; so is a header Accept without a value. A
# controller of the same application answers 200 to lists with empty elements: Spring MVC leaves them out, the endpoints'
# argument resolver (ProducibleOperationArgumentResolver) does not.
# The wrong guess: that endpoints negotiate as the application's controllers do.
# Source: org.springframework.boot:spring-boot-starter-webmvc, -actuator 4.1.1, micrometer-registry-prometheus (Maven
# Central). RFC 9110, 5.6.1.2: a recipient has to parse and ignore a reasonable number of empty list elements.
# Why it matters: proxies and scrapers that put lists together leave empty elements; a scrape or a health check that gets
# 500 looks like a service that is down.
# Loopback only; stops by itself.
set -euo pipefail
version=4.1.1
folder=$(mktemp -d)
app=
trap '[ -z "$app" ] || kill -9 "$app" 2>/dev/null; rm -rf "$folder"' EXIT
cd "$folder"
cat > pom.xml <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <parent>
    <groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId>
    <version>$version</version><relativePath/>
  </parent>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-webmvc</artifactId></dependency>
    <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-actuator</artifactId></dependency>
    <dependency><groupId>io.micrometer</groupId><artifactId>micrometer-registry-prometheus</artifactId></dependency>
  </dependencies>
</project>
POM
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib > maven.log 2>&1 || { cat maven.log; exit 1; }
mkdir classes
cat > Finding.java <<'JAVA'
package finding;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class Finding {
    @GetMapping("/plain")
    public Map<String, String> plain() {
        return Map.of("it", "works");
    }

    public static void main(String[] arguments) {
        SpringApplication.run(Finding.class, arguments);
    }
}
JAVA
javac -proc:none -cp 'lib/*' -d classes Finding.java
port=$(shuf -i 20000-29999 -n 1)
java -cp 'classes:lib/*' finding.Finding --server.port="$port" --server.address=127.0.0.1 \
  --management.endpoints.web.exposure.include=health,prometheus > app.log 2>&1 &
app=$!
up=
for _ in $(seq 120); do
  if curl -sf "http://127.0.0.1:$port/plain" > /dev/null; then up=yes; break; fi
  sleep 0.5
done
[ -n "$up" ] || { cat app.log; exit 1; }
status() { curl -s -o /dev/null -w '%{http_code}' -H "$2" "http://127.0.0.1:$port$1"; }
echo "spring-boot $version"
changed=0
expect() {
  got=$(status "$1" "$2")
  printf '%-22s %-40s %s\n' "$1" "$2" "$got"
  [ "$got" = "$3" ] || changed=1
}
expect /plain 'Accept: application/json,,text/html' 200
expect /plain 'Accept: ,application/json' 200
expect /actuator/prometheus 'Accept: text/plain' 200
expect /actuator/prometheus 'Accept: text/plain,,*/*' 500
expect /actuator/prometheus 'Accept: ,text/plain' 500
expect /actuator/prometheus 'Accept;' 500
expect /actuator/health 'Accept: ,application/json' 500
grep -c InvalidMimeTypeException app.log | sed 's/^/InvalidMimeTypeException in the log, lines: /'
[ "$changed" = 0 ] || { echo "the behaviour has changed"; exit 1; }
