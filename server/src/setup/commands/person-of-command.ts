import type { UserRepository } from '../../identity/users/user.repository.js';
import type { AdministratorProof } from '../administrator-proof.service.js';
import type { Asking } from '../asking.js';
import { SetupError } from '../setup.errors.js';

/** Demands the caller's proof, then asks whom the command is about. */
export async function askForPerson(asking: Asking, proof: AdministratorProof, users: UserRepository): Promise<{ id: number; email: string; administrates: boolean }> {
  await proof.demand(asking);
  const email = (await asking.for({ option: 'email', ask: 'Address of the person' })).toLowerCase();
  const credentials = await users.credentialsByEmail(email);
  const user = credentials && await users.withMemberships(credentials.user_id);
  if (!user) throw new SetupError(`Nobody has the address ${email}.`);
  return { id: user.id, email, administrates: user.memberships.some(({ role }) => role === 1) };
}
