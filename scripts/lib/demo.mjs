import fs from 'node:fs';
import { Failure } from './failure.mjs';
import { run } from './processes.mjs';
import { say, step } from './progress.mjs';
import { built, repository } from './repository.mjs';

/** Fills an empty database with the example organisation and says how to sign in; leaves any other untouched. */
export async function fillDemo(env) {
  if (!fs.existsSync(built.demo)) throw new Failure('This version has no demo data. Start without --demo.');
  const { code, stdout, lines } = await step('Filling the demo account', () => run(process.execPath, [built.demo], { cwd: repository, env }));
  if (code !== 0) throw new Failure(`Filling the demo account failed: ${lines.reason() ?? `exit code ${code}`}`);
  const answer = stdout.trim().split('\n').at(-1) ?? '';
  if (!answer.startsWith('{')) return say(answer || 'The database is not empty, so the demo account was not added.');
  const { email, password, totp_secret: secret, volunteer_email: volunteer } = JSON.parse(answer);
  say(`Demo: sign in as the volunteer ${volunteer} with password ${password}`);
  say(`      or as the administrator ${email}, same password, with codes from the authenticator key ${secret}`);
}
