import bcrypt from 'bcrypt';
import { createHash } from 'node:crypto';

const COST = 12;
// Of a password nobody has: comparing with it takes as long as comparing with a real one.
const NOBODYS = '$2b$12$Yc0q4M4CUiFZyFTfA7hMuOmWmqhkYu5zX4fLZ5dSNUP3NVZQ0Q6Ca';

/** One form of a text that can be typed in several: an é is one character or two, depending on the keyboard. */
export const normalised = (password: string): string => password.normalize('NFKC');

// bcrypt stops reading at 72 bytes and at NUL; hashed first, every character of a long passphrase counts.
const prepared = (password: string): string => createHash('sha256').update(normalised(password)).digest('base64');

// Node has four threads for this, for reading files and for looking up names. Two stay free: whoever signs in waits for others who do, nobody else does.
const lanes = Array.from({ length: 2 }, () => Promise.resolve() as Promise<unknown>);
let turn = 0;

function inLane<T>(work: () => Promise<T>): Promise<T> {
  const lane = turn++ % lanes.length;
  const done = lanes[lane]!.then(work);
  lanes[lane] = done.catch(() => undefined);
  return done;
}

/** The digest to store. Takes about a quarter of a second by design, and so does comparing with it: the cost is in the digest. */
export const hashPassword = (password: string, cost = COST): Promise<string> => inLane(() => bcrypt.hash(prepared(password), cost));

/** Whether the password is the digest's. Takes equally long when there is no digest. */
export async function passwordMatches(password: string, digest: string | null | undefined): Promise<boolean> {
  const same = await inLane(() => bcrypt.compare(prepared(password), digest ?? NOBODYS));
  return same && Boolean(digest);
}
