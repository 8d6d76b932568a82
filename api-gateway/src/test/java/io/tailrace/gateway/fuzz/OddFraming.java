package io.tailrace.gateway.fuzz;

import java.util.List;

/** Headers that say in an odd way how long a body is, or end the head in an odd way. */
final class OddFraming {
    static final List<String> LENGTHS = List.of(
            "",
            "Content-Length: -1\r\n",
            "Content-Length: +1\r\n",
            "Content-Length: 1,1\r\n",
            "Content-Length: 0x10\r\n",
            "Content-Length: 99999999999999999999\r\n",
            "Content-Length: 5\r\nContent-Length: 5\r\n",
            "Content-Length: 5\r\nContent-Length: 6\r\n",
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "Content-Length : 5\r\n",
            "Content-Length:\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding: Chunked, chunked\r\n",
            "Transfer-Encoding: gzip, chunked\r\n",
            "Transfer-Encoding: xchunked\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
            "Transfer-Encoding:\u000bchunked\r\n",
            " Transfer-Encoding: chunked\r\n",
            "X: y\r\n Content-Length: 5\r\n",
            "X: y\n",
            "\r\n",
            "\n\n");

    private OddFraming() {}
}
