import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { ChannelRegistry } from '../channels/contract/channel-registry.js';
import { changesBetween } from '../delivery/changes.js';
import { Events } from '../delivery/events.js';
import { CurrentMember, MemberOnly } from '../identity/access/access.decorators.js';
import { ScopeArea } from '../identity/access/token-scopes.js';
import { isAdministrator, type Member } from '../identity/access/principal.js';
import { InboxesRepository } from '../inboxes/inboxes.repository.js';
import { LabelTitleList, LabelTitles } from '../inboxes/label.dto.js';
import { LabelsRepository } from '../inboxes/labels.repository.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { answers } from '../platform/http/answers.js';
import { invalid, notFound } from '../platform/http/problem.js';
import { pathId } from '../platform/http/schema-fields.js';
import { ContactableInboxes, ContactInboxSchema, CreateContactInbox } from './contact.dto.js';
import './contact.events.js';
import { ContactPresenter } from './contact.presenter.js';
import { ContactsRepository } from './contacts.repository.js';
import { IdentitiesRepository } from './identities.repository.js';

/** What hangs on a person: labels, and the inboxes they can be written to through. */
@Controller('api/v1/accounts/:account_id/contacts/:id')
@MemberOnly()
@ScopeArea('contacts')
export class ContactDetailsController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly contacts: ContactsRepository, private readonly identities: IdentitiesRepository,
    private readonly inboxes: InboxesRepository, private readonly labels: LabelsRepository, private readonly channels: ChannelRegistry, private readonly events: Events,
    private readonly presenter: ContactPresenter,
  ) {}

  @Get('labels')
  @answers(LabelTitleList)
  listLabels(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<z.infer<typeof LabelTitleList>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.contacts.find(tx, id)) throw notFound();
      return { payload: await this.contacts.labels(tx, id) };
    });
  }

  @Post('labels')
  @answers(LabelTitleList)
  replaceLabels(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Body({ schema: LabelTitles }) body: LabelTitles): Promise<z.infer<typeof LabelTitleList>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.contacts.lock(tx, id)) throw notFound();
      const labels = await this.labels.named(tx, [...new Set(body.labels)]);
      const before = await this.contacts.labels(tx, id);
      await this.contacts.writeLabels(tx, id, labels.map((label) => label.id));
      const after = labels.map((label) => label.title).sort();
      await this.events.append(tx, { type: 'contact.updated', payload: { contact_id: id, changes: changesBetween({ label_list: before }, { label_list: after }) } });
      return { payload: after };
    });
  }

  @Post('contact_inboxes')
  @answers(ContactInboxSchema)
  addInbox(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Body({ schema: CreateContactInbox }) body: CreateContactInbox): Promise<z.infer<typeof ContactInboxSchema>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.contacts.lock(tx, id)) throw notFound();
      const inbox = await this.inboxes.find(tx, body.inbox_id, isAdministrator(me) ? null : me.userId);
      if (!inbox) throw invalid('inbox_id', 'Inbox does not exist');
      const sourceId = body.source_id ?? randomUUID();
      const identity = await this.identities.insert(tx, inbox.id, sourceId, id, false) ?? await this.identities.lockBySource(tx, inbox.id, sourceId);
      if (identity?.contact_id !== id) throw invalid('source_id', 'Source has already been taken');
      return { source_id: identity.source_id, inbox: this.presenter.inbox(inbox) };
    });
  }

  /** Inboxes where this person has an address already, and those that reach anybody. */
  @Get('contactable_inboxes')
  @answers(ContactableInboxes)
  contactable(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<z.infer<typeof ContactableInboxes>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.contacts.find(tx, id)) throw notFound();
      const sources = new Map((await this.contacts.identities(tx, [id])).map((identity) => [identity.inbox_id, identity.source_id]));
      const visible = await this.inboxes.list(tx, isAdministrator(me) ? null : me.userId);
      return {
        payload: visible.flatMap((inbox) => {
          const channel = this.channels.get(inbox.channel_type);
          const sourceId = sources.get(inbox.id) ?? (channel.capabilities.sendsByWorker ? randomUUID() : undefined);
          return sourceId === undefined ? [] : [{ source_id: sourceId, inbox: this.presenter.inbox(inbox) }];
        }),
      };
    });
  }
}
