/** A name without what makes no difference. */
export const plainName = (host: string): string => host.toLowerCase().replace(/\.$/, '');

/** Whether the name is that of this machine (RFC 6761). */
export const isThisMachine = (host: string): boolean => /^(.+\.)?localhost(\.localdomain)?$|^ip6-(localhost|loopback)$/.test(plainName(host));

/** Whether nobody outside can mean the same by the name: it has one part only, or an ending that is kept for inner networks (RFC 6762, RFC 8375, ICANN's .internal, where clouds keep their keys). Not for addresses. */
export const isInnerName = (host: string): boolean => isThisMachine(host) || /^[^.]+$|\.(local|internal|localdomain|home\.arpa)$/.test(plainName(host));
