import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../identity/audit-log/audit-log.repository.js';
import { UserRepository } from '../../identity/users/user.repository.js';
import { accountId } from '../../platform/database/account-id.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { asRequest } from '../../platform/logging/request-context.js';
import { AdministratorProof } from '../administrator-proof.service.js';
import type { Asking } from '../asking.js';
import type { Command, CommandResult } from '../command.js';
import { ChangeSecretKey } from '../keys/change-secret-key.service.js';
import { RotateDataKeys, type FilesReport, type OldKey, type RotationReport } from '../keys/rotate-data-keys.service.js';
import { showProgress } from '../progress.js';
import { SetupError } from '../setup.errors.js';

const ADMINISTRATOR = 1;

/** Changes the keys of the installation. */
@Injectable()
export class RotateKeys implements Command {
  constructor(
    private readonly proof: AdministratorProof, private readonly rotation: RotateDataKeys, private readonly secretKey: ChangeSecretKey, private readonly users: UserRepository,
    private readonly audit: AuditLog, private readonly unitOfWork: UnitOfWork,
  ) {}

  async run(asking: Asking): Promise<CommandResult> {
    const wish = { tidy: asking.has('tidy'), compromised: asking.has('compromised') };
    if (asking.has('new-secret-key') && (wish.tidy || wish.compromised)) throw new SetupError('--new-secret-key stands alone. Run rotate-keys again without it, after the restart.');
    const administrator = await this.proof.demand(asking);
    if (asking.has('new-secret-key')) return this.changeSecret(administrator);
    const report = await this.rotation.rotate(wish, showProgress());
    await this.note(administrator, 'rotate_keys', { key_id: report.keyId, sealed_again: report.resealed, removed: report.removed, ...(wish.compromised ? { compromised: true } : {}) });
    return { json: shown(report), lines: told(report), failed: report.left > 0 };
  }

  private async changeSecret(administrator: number): Promise<CommandResult> {
    const { secret, made, file } = await this.secretKey.change();
    await this.note(administrator, 'change_secret_key', {});
    return {
      json: { secret_key: made && file === undefined ? secret : null, written_to: file ?? null },
      lines: [
        ...(file === undefined
          ? [made ? 'Put this line into .env (or wherever SECRET_KEY is set) in the place of the old one, on every machine:' : 'Set SECRET_KEY to the value you gave, on every machine.', ...(made ? [`SECRET_KEY=${secret}`] : [])]
          : [`The new key is in ${file}. Where SECRET_KEY is set as a variable too, change it there.`]),
        'Then restart Porchlight. Until it has started with the new key the old one still works; from then on it is refused.',
        'Keep a copy of the new key apart from the backups. Keep the old one as long as backups made with it: restoring one of them asks for it.',
      ],
    };
  }

  // It concerns the whole installation: the accounts of whoever did it are told.
  private async note(administrator: number, action: string, facts: Record<string, unknown>): Promise<void> {
    const accounts = (await this.users.withMemberships(administrator))!.memberships.filter(({ role }) => role === ADMINISTRATOR);
    await new Promise<void>((resolve, reject) => {
      asRequest({ id: 'setup', address: '', actor: `user ${administrator}` }, () => {
        Promise.all(accounts.map((one) => this.unitOfWork.run(accountId(one.account_id), (tx) => this.audit.note(tx, 'Installation', action, facts)))).then(() => resolve(), reject);
      });
    });
  }
}

const shown = ({ keyId, added, resealed, left, unreadable, files, old, removed }: RotationReport): object => ({
  key_id: keyId, added, sealed_again: resealed, left, unreadable, removed, files: { sealed_again: files.sealedAgain, left: files.left, unreadable: files.unreadable },
  old_keys: old.map(({ id, replaced_at: replaced, links_until: until, sealed, files, recovery_codes: codes }) => ({ key_id: id, replaced_at: replaced, links_until: until, sealed, files, recovery_codes: codes })),
});

function told({ keyId, added, resealed, left, unreadable, files, old, removed }: RotationReport): string[] {
  return [
    `${added ? 'The new key' : 'The key'} ${keyId} seals everything from now on. ${resealed} values were sealed again.`,
    ...(unreadable > 0 ? [`${unreadable} values do not open with any key and were left as they are: they are damaged.`] : []),
    ...(left > unreadable ? [`${left - unreadable} values are still to be sealed again. Run rotate-keys --tidy.`] : []),
    ...toldOfFiles(files),
    ...old.map((key) => `The old key ${key.id} is kept: ${reasons(key).join(', ')}.`),
    ...removed.map((id) => `The old key ${id} opened nothing any more and is removed.`),
    ...(old.length > 0 ? ['Later, rotate-keys --tidy removes what is no longer needed.'] : []),
  ];
}

function toldOfFiles({ sealedAgain, left, unreadable }: FilesReport): string[] {
  if (sealedAgain + left === 0) return [];
  const going = left > unreadable ? `; ${left - unreadable} are still under an old key and follow while Porchlight runs. rotate-keys --tidy tells how far it is.` : ', and none is left.';
  return [`${sealedAgain} stored files were sealed again${going}`, ...(unreadable > 0 ? [`${unreadable} stored files are damaged and were left as they are.`] : [])];
}

function reasons({ sealed, files, recovery_codes: codes, links_until: until }: OldKey): string[] {
  const found = [
    ...(sealed > 0 ? [`${sealed} sealed values`] : []),
    ...(files > 0 ? [`it opens ${files} stored files`] : []),
    ...(codes > 0 ? [`${codes} recovery codes were made with it and stay good until their owners make new ones`] : []),
    ...(until.getTime() > Date.now() ? [`links and cookies it signed are good until ${until.toISOString().slice(0, 10)}`] : []),
  ];
  return found.length > 0 ? found : ['for a day, as something sealed with it may still be on its way'];
}
