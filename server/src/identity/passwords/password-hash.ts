import bcrypt from 'bcrypt';
import { createHash } from 'node:crypto';

const COST = 12;
// Of a password nobody has: comparing with it takes as long as comparing with a real one.
const NOBODYS = '$2b$12$Yc0q4M4CUiFZyFTfA7hMuOmWmqhkYu5zX4fLZ5dSNUP3NVZQ0Q6Ca';

/** One form of a text that can be typed in several: an é is one character or two, depending on the keyboard. */
export const normalised = (password: string): string => password.normalize('NFKC');

// bcrypt stops reading at 72 bytes and at NUL; hashed first, every character of a long passphrase counts.
const prepared = (password: string): string => createHash('sha256').update(normalised(password)).digest('base64');

/** The digest to store. Takes about a quarter of a second by design, and so does comparing with it: the cost is in the digest. */
export const hashPassword = (password: string, cost = COST): Promise<string> => bcrypt.hash(prepared(password), cost);

/** Whether the password is the digest's. Takes equally long when there is no digest. */
export async function passwordMatches(password: string, digest: string | null | undefined): Promise<boolean> {
  const same = await bcrypt.compare(prepared(password), digest ?? NOBODYS);
  return same && Boolean(digest);
}
