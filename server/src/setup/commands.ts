import type { CommandEntry } from './command.js';
import { AddAdministrator } from './commands/add-administrator.command.js';
import { Backup } from './commands/backup.command.js';
import { CreateAccount } from './commands/create-account.command.js';
import { CreatePlatformApp } from './commands/create-platform-app.command.js';
import { DoctorCommand } from './commands/doctor.command.js';
import { EraseContact } from './commands/erase-contact.command.js';
import { ListAccounts } from './commands/list-accounts.command.js';
import { RecountReports } from './commands/recount-reports.command.js';
import { ResetMfa } from './commands/reset-mfa.command.js';
import { AddSuperAdministrator, RemoveSuperAdministrator } from './commands/super-administrators.command.js';
import { ResetPasswordCommand } from './commands/reset-password.command.js';
import { RotateKeys } from './commands/rotate-keys.command.js';
import { Restore, VerifyBackup } from './commands/restore.command.js';

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'create-account', provider: CreateAccount, usage: '--name <account> --admin-name <name> --admin-email <address> --admin-password <password>',
    summary: 'Creates an account and its administrator, with two-factor authentication and an API token.',
  },
  { name: 'add-administrator', provider: AddAdministrator, usage: '--account-id <number> --email <address> [--name <name>]', summary: 'Makes somebody an administrator of an account. New people get an invitation link.' },
  { name: 'list-accounts', provider: ListAccounts, usage: '', summary: 'Lists the accounts of this installation.' },
  { name: 'add-super-administrator', provider: AddSuperAdministrator, usage: '--email <address>', summary: 'Lets an administrator see the state of the whole installation. The first account\'s administrator does already.' },
  { name: 'remove-super-administrator', provider: RemoveSuperAdministrator, usage: '--email <address>', summary: 'Takes that right away again.' },
  { name: 'create-platform-app', provider: CreatePlatformApp, usage: '--name <program>', summary: 'Lets a program of yours make accounts, people and bots through the platform API. Prints its token.' },
  { name: 'reset-password', provider: ResetPasswordCommand, usage: '--email <address>', summary: 'Makes a link with which somebody chooses a new password.' },
  { name: 'reset-mfa', provider: ResetMfa, usage: '--email <address>', summary: 'Takes a lost second factor away. The person sets up a new one at the next sign-in.' },
  { name: 'erase-contact', provider: EraseContact, usage: '--account-id <number> (--contact-id <number> or --email <address>)', summary: 'Erases a person for good: their conversations, addresses, notes and files.' },
  { name: 'recount-reports', provider: RecountReports, usage: '--account-id <number>', summary: 'Counts what the reports of an account show again, from its conversations. Erased ones are no longer counted then.' },
  { name: 'backup', provider: Backup, usage: '', summary: 'Makes a backup now: one encrypted file of database and files.' },
  { name: 'restore', provider: Restore, key: 'not kept', usage: '--file <path or s3:// address>', summary: 'Brings a backup back into an empty installation. One made with another SECRET_KEY wants that in OLD_SECRET_KEY.' },
  { name: 'verify-backup', provider: VerifyBackup, usage: '--file <path or s3:// address>', summary: 'Restores a backup into a scratch database, compares everything and removes it again.' },
  {
    name: 'rotate-keys', provider: RotateKeys, usage: '[--tidy] [--compromised] [--new-secret-key]',
    summary: 'Makes a new encryption key while everything works, and brings what is sealed under it. --tidy adds none: it goes on, and removes old keys that open nothing.\n      --compromised ends at once what old keys signed. --new-secret-key changes SECRET_KEY itself. See docs/keys.md.',
  },
  { name: 'doctor', provider: DoctorCommand, key: 'unchecked', usage: '', summary: 'Looks at database, Redis, disk, storage, secrets, address, mail, work and backups, and says what to do. Exit code 1 when something fails.' },
];

/** What `help` shows. */
export function help(): string {
  const commands = COMMANDS.map(({ name, summary, usage }) => `  ${name}${usage && ` ${usage}`}\n      ${summary}`);
  return `Administration of this Porchlight. Run it as: npm run setup -- <command> [options]

${commands.join('\n')}
  help
      Shows this.

Once an account exists, every command but doctor also wants an administrator with two-factor authentication:
  --as <address> --otp <six-digit code>     (or --recovery-code <code>)

On a terminal, what is missing is asked for. With --json nothing is asked, and the answer is one JSON object on
stdout: the result, or {"error": "..."} with exit code 1.
`;
}
