package io.tailrace.knowledge.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class VectorTest {

    @Test
    void onlyItsDirectionCounts() {
        Vector a = Vector.of(new float[] {3, 0, 4, 0, 0});
        assertThat(a).isEqualTo(Vector.of(new float[] {6, 0, 8, 0, 0}));
        assertThat(a.cosine(a)).isCloseTo(1, within(1e-6));
        assertThat(a.cosine(Vector.of(new float[] {0, 1, 0, 0, 0}))).isZero();
        assertThat(a.cosine(Vector.of(new float[] {-3, 0, -4, 0, 0}))).isCloseTo(-1, within(1e-6));
        assertThat(a.cosine(Vector.of(new float[] {0, 0, 0, 0, 9}))).isZero();
    }

    @Test
    void whatHasNoDirectionIsRefused() {
        for (float[] none : new float[][] {{}, {0, 0}, {Float.NaN, 1}, {Float.POSITIVE_INFINITY, 1}}) {
            assertThatThrownBy(() -> Vector.of(none)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void storedItIsTheSame() {
        Vector a = Vector.of(new float[] {1, -2, 3});
        byte[] bytes = a.toBytes();
        assertThat(bytes).hasSize(12);
        assertThat(Vector.fromBytes(bytes, 0, bytes.length)).isEqualTo(a);
    }
}
