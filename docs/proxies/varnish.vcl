# Varnish before a gateway (docs/operations.md, Proxies).
vcl 4.1;

backend gateway {
    .host = "127.0.0.1";
    .port = "8080";
}

sub vcl_recv {
    # What can be a stream is passed on byte by byte. Without this each event waits for the next: Varnish holds a chunk
    # until its closing line break, which comes with the chunk after it.
    if (req.url ~ "/(stream|builds)(\?|$)") {
        return (pipe);
    }
    return (pass);
}

sub vcl_pipe {
    # Else the next request on the connection would go the same way, unseen.
    set bereq.http.Connection = "close";
}
