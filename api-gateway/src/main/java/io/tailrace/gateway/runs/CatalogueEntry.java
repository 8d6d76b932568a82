package io.tailrace.gateway.runs;

import io.tailrace.events.id.WorkspaceId;

/** One run of the catalogue, in both of its indexes. The view in it is replaced by the tail's thread alone. */
final class CatalogueEntry {
    private final PageKey key;
    private final WorkspaceId workspace;
    private final String kind;
    private volatile HeldView held;

    CatalogueEntry(PageKey key, WorkspaceId workspace, String kind, HeldView held) {
        this.key = key;
        this.workspace = workspace;
        this.kind = kind;
        this.held = held;
    }

    PageKey key() {
        return key;
    }

    WorkspaceId workspace() {
        return workspace;
    }

    String kind() {
        return kind;
    }

    HeldView held() {
        return held;
    }

    void hold(HeldView next) {
        held = next;
    }
}
