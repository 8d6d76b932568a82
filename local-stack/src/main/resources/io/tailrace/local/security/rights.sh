acl() { kafka-acls.sh --bootstrap-server $KAFKA --add --allow-principal "$@"; }
for who in gateway coordinator build-worker turn-worker; do
  acl User:$who --topic tailrace. --resource-pattern-type prefixed --operation Create --operation Describe
done

acl User:gateway --topic tailrace.run-commands --operation Read --operation Write
acl User:gateway --topic tailrace.run-events --topic tailrace.build-events --topic tailrace.turn-events --topic tailrace.runs --operation Read
acl User:gateway --topic tailrace.definitions --topic tailrace.artifacts --topic tailrace.repositories --topic tailrace.cursor-keys --topic tailrace.subscriptions --topic tailrace.checkpoints --operation Read --operation Write
acl User:gateway --group tailrace-coordinator --operation Describe

acl User:coordinator --topic tailrace.run-commands --operation Read
acl User:coordinator --topic tailrace.run-events --topic tailrace.build-events --topic tailrace.turn-events --operation Read --operation Write
acl User:coordinator --topic tailrace.build-requests --topic tailrace.turn-requests --operation Write
acl User:coordinator --topic tailrace.runs --operation Read --operation Write
acl User:coordinator --topic tailrace-coordinator- --resource-pattern-type prefixed --operation Create --operation Describe --operation Read --operation Write
acl User:coordinator --group tailrace-coordinator --operation Read
acl User:coordinator --transactional-id tailrace-coordinator- --resource-pattern-type prefixed --operation Write --operation Describe

acl User:build-worker --topic tailrace.build-requests --topic tailrace.run-events --topic tailrace.artifacts --operation Read
acl User:build-worker --topic tailrace.build-events --operation Read --operation Write
acl User:build-worker --group tailrace-build-workers --operation Read --operation AlterConfigs

acl User:turn-worker --topic tailrace.turn-requests --topic tailrace.run-events --topic tailrace.run-commands --topic tailrace.repositories --operation Read
acl User:turn-worker --topic tailrace.turn-events --topic tailrace.definitions --topic tailrace.answers --operation Read --operation Write
acl User:turn-worker --group tailrace-turn-workers --operation Read --operation AlterConfigs
