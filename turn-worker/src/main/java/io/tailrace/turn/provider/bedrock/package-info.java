/** Amazon Bedrock's ConverseStream, on the AWS SDK. */
@NullMarked
package io.tailrace.turn.provider.bedrock;

import org.jspecify.annotations.NullMarked;
