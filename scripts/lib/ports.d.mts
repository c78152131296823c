/** A free TCP port on the loopback address, for somebody who listens on it later. */
export function freePort(): Promise<number>;
