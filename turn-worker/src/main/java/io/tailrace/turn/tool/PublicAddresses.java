package io.tailrace.turn.tool;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses are of the public internet: those that IANA's registries of special-purpose addresses (RFC 6890) do not
 * set aside. Of IPv6 only 2000::/3 is, and the well-known prefix of NAT64 (RFC 6052) if the IPv4 address in it is. Pure.
 */
public final class PublicAddresses {
    private static final List<Block> NOT_PUBLIC_4 = blocks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3");
    private static final Block GLOBAL_6 = Block.of("2000::/3");

    /** Teredo and its kin, documentation, 6to4, documentation. */
    private static final List<Block> NOT_PUBLIC_6 = blocks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    private static final Block NAT64 = Block.of("64:ff9b::/96");
    private static final int IPV4_BYTES = 4;

    private PublicAddresses() {}

    private record Block(BigInteger prefix, int bits, int length) {
        static Block of(String text) {
            int slash = text.indexOf('/');
            byte[] address = bytes(text.substring(0, slash));
            int length = Integer.parseInt(text.substring(slash + 1));
            int bits = address.length * Byte.SIZE;
            return new Block(new BigInteger(1, address).shiftRight(bits - length), bits, length);
        }

        boolean has(byte[] address) {
            return address.length * Byte.SIZE == bits
                    && new BigInteger(1, address).shiftRight(bits - length).equals(prefix);
        }
    }

    private static List<Block> blocks(String... texts) {
        return Arrays.stream(texts).map(Block::of).toList();
    }

    private static byte[] bytes(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    /** Java gives an IPv4 address that is mapped into IPv6 as IPv4. */
    public static boolean has(InetAddress address) {
        return address instanceof Inet4Address ? isPublic4(address.getAddress()) : isPublic6(address.getAddress());
    }

    private static boolean isPublic4(byte[] address) {
        return NOT_PUBLIC_4.stream().noneMatch(it -> it.has(address));
    }

    private static boolean isPublic6(byte[] address) {
        if (NAT64.has(address)) {
            return isPublic4(Arrays.copyOfRange(address, address.length - IPV4_BYTES, address.length));
        }
        return GLOBAL_6.has(address) && NOT_PUBLIC_6.stream().noneMatch(it -> it.has(address));
    }
}
