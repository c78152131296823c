import { generateSecret, generateURI, verifySync } from 'otplib';

const STEP_SECONDS = 30;
const ISSUER = 'Porchlight';

/** A new 160-bit secret in base 32, as authenticator apps take it. */
export const newTotpSecret = (): string => generateSecret();

/** The address inside the QR code. */
export const provisioningUrl = (email: string, secret: string): string => generateURI({ issuer: ISSUER, label: email, secret });

/** The 30-second step the code belongs to, looking one step back and ahead; undefined when the code is wrong. */
export function matchingStep(secret: string, code: string, nowMs: number): number | undefined {
  const token = code.replace(/[\s-]/g, '');
  if (!/^\d{6}$/.test(token)) return undefined;
  const epoch = Math.floor(nowMs / 1000);
  // A tolerance of exactly one step: a neighbouring step counts whole, wherever in its step the clock stands.
  const result = verifySync({ secret, token, epoch, epochTolerance: STEP_SECONDS });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}
