import { Injectable } from '@nestjs/common';
import { AttachmentsRepository } from '../conversations/attachments/attachments.repository.js';
import { totpContext } from '../identity/mfa/second-factor.service.js';
import { newTotpSecret } from '../identity/mfa/totp.js';
import { hashPassword } from '../identity/passwords/password-hash.js';
import { SaveInbox } from '../inboxes/save-inbox.service.js';
import { Clock } from '../platform/clock/clock.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { accountId, type AccountId } from '../platform/database/account-id.js';
import { SystemWork, UnitOfWork } from '../platform/database/unit-of-work.js';
import type { StagedFile } from '../platform/storage/staged-file.js';
import { CountHistory } from '../reports/counting/count-history.service.js';
import { Uploads } from '../platform/storage/uploads.js';
import { listPdf, tinPhoto } from './demo-files.js';
import { demoPassword, LABELS, TEAM } from './demo-people.js';
import { planDemo, type PlannedConversation } from './demo-plan.js';
import { DemoToolsRepository } from './demo-tools.repository.js';
import { DemoRepository } from './demo.repository.js';

/** How to sign in to the demo. The volunteer needs no second factor. */
export interface DemoSignIn { email: string; password: string; totp_secret: string; volunteer_email: string; account_id: number }

/** The place of the inbox whose conversations are not rated. */
const TEXT_LINE = 2;
const NEEDED = ['Cooking oil', 'Coffee and tea', 'Rice, 1 kg', 'Tinned fish', 'Long-life milk', 'Nappies, size 4', 'Soap', 'Baby food from 6 months'];

/** Fills an empty installation with the life of a food bank. */
@Injectable()
export class FillDemo {
  constructor(
    private readonly repository: DemoRepository, private readonly attachments: AttachmentsRepository, private readonly saveInbox: SaveInbox,
    private readonly uploads: Uploads, private readonly keyring: Keyring, private readonly unitOfWork: UnitOfWork, private readonly system: SystemWork, private readonly clock: Clock,
    private readonly reports: CountHistory, private readonly tools: DemoToolsRepository,
  ) {}

  /** Undefined, and nothing is changed, when somebody exists already. */
  async run(): Promise<DemoSignIn | undefined> {
    const password = demoPassword();
    const secret = newTotpSecret();
    const made = await this.makePeople(await hashPassword(password), secret);
    if (!made) return undefined;
    const inboxes = await this.makeInboxes(made.account, made.people);
    const teams = await this.setUpTools(made.account, made.people);
    await this.tellHistory(made.account, made.people, inboxes, teams['drivers']!);
    await this.reports.beginAnew(made.account);
    return { email: TEAM[0].email, password, totp_secret: secret, volunteer_email: TEAM[1].email, account_id: made.account };
  }

  private makePeople(digest: string, secret: string): Promise<{ account: AccountId; people: number[] } | undefined> {
    return this.system.run(async (tx) => {
      if (await this.repository.hasPeople(tx)) return undefined;
      const account = accountId(await this.repository.insertAccount(tx, 'Harbour Food Bank'));
      const people: number[] = [];
      for (const person of TEAM) {
        const id = await this.repository.insertPerson(tx, person, digest);
        await this.repository.insertMembership(tx, account, id, person.role);
        people.push(id);
      }
      await this.repository.putInCharge(tx, people[0]!);
      await this.repository.takeTotp(tx, people[0]!, this.keyring.seal(secret, totpContext(people[0]!)));
      return { account, people };
    });
  }

  private makeInboxes(account: AccountId, people: number[]): Promise<number[]> {
    return this.unitOfWork.run(account, async (tx) => {
      const site = { type: 'web_widget', website_url: 'https://harbourfoodbank.example', welcome_title: 'How can we help?', welcome_tagline: 'Write to us. A person answers, usually within the hour.', widget_color: '#b45309' };
      const ids = [
        await this.saveInbox.create(tx, { name: 'Website', greeting_enabled: true, greeting_message: 'Thank you for writing. Somebody will answer you here soon.', csat_survey_enabled: true, channel: site }),
        await this.saveInbox.create(tx, { name: 'Volunteers', csat_survey_enabled: true, channel: { ...site, welcome_title: 'Lend a hand', welcome_tagline: 'Shifts, driving, sorting: ask us anything.', widget_color: '#15803d' } }),
        await this.saveInbox.create(tx, { name: 'Text line', channel: { type: 'api' } }),
      ];
      for (const id of ids) await this.repository.insertInboxMembers(tx, id, people);
      return ids;
    });
  }

  private setUpTools(account: AccountId, people: number[]): Promise<Record<string, number>> {
    return this.unitOfWork.run(account, async (tx) => {
      const teams = await this.tools.insertTeams(tx, people);
      await this.tools.insertTools(tx, people, teams);
      await this.tools.insertHelp(tx, people[0]!);
      return teams;
    });
  }

  private async tellHistory(account: AccountId, people: number[], inboxes: number[], drivers: number): Promise<void> {
    const labelIds = await this.unitOfWork.run(account, (tx) => this.repository.insertLabels(tx, LABELS));
    for (const plan of planDemo(this.clock.date(), { inboxes: inboxes.length, team: people.length })) {
      const files = await this.stageFiles(account, plan);
      await this.unitOfWork.run(account, async (tx) => {
        const { id, messages } = await this.repository.insertConversation(tx, plan, {
          inboxId: inboxes[plan.inbox]!, assigneeId: plan.assignee === null ? null : people[plan.assignee]!, agentId: people[plan.assignee ?? 1]!,
          labelIds: plan.labels.map((title) => labelIds.get(title)!), teamId: plan.labels.includes('delivery') ? drivers : null, asksOpinion: plan.inbox !== TEXT_LINE,
        });
        for (const message of messages) {
          if (message.attachment) await this.attachments.insert(tx, { conversationId: id, messageId: message.id, files: [files.get(message.attachment)!] });
        }
      });
    }
  }

  private async stageFiles(account: AccountId, plan: PlannedConversation): Promise<Map<string, StagedFile>> {
    const files = new Map<string, StagedFile>();
    for (const { attachment } of plan.messages) {
      if (attachment === 'photo') files.set(attachment, await this.stage(account, 'tin.jpg', 'image/jpeg', await tinPhoto()));
      if (attachment === 'list') files.set(attachment, await this.stage(account, 'what-we-need.pdf', 'application/pdf', listPdf('What we need this week', NEEDED)));
    }
    return files;
  }

  private stage(account: AccountId, fileName: string, declaredType: string, bytes: Buffer): Promise<StagedFile> {
    return this.uploads.stage(account, { fileName, declaredType, source: (async function* () { yield bytes; })() });
  }
}
