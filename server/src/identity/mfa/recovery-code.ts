import { randomBytes } from 'node:crypto';
import type { Keyring } from '../../platform/crypto/keyring.js';

const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'; // 32 signs without l, o, 0, 1
const COUNT = 10;
const BYTES = 10; // 80 bits: 16 signs of 5 bits

/** Ten codes of 80 bits, written in four groups. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: COUNT }, () => {
    const bits = [...randomBytes(BYTES)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    const signs = bits.match(/.{5}/g)!.map((five) => ALPHABET[Number.parseInt(five, 2)]!).join('');
    return signs.match(/.{4}/g)!.join('-');
  });
}

const PURPOSE = 'recovery code';
// The signs as somebody may have typed them.
const typed = (userId: number, code: string): string => `${userId}:${code.toLowerCase().replace(/[^a-z0-9]/g, '')}`;

/** What is stored of a code: a MAC. */
export const recoveryCodeHash = (keyring: Keyring, userId: number, code: string): Buffer => keyring.mac(PURPOSE, typed(userId, code));

/** What may be stored of it, as it may have been made with an earlier key. */
export const recoveryCodeHashes = (keyring: Keyring, userId: number, code: string): Buffer[] => keyring.macs(PURPOSE, typed(userId, code));
