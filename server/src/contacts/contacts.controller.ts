import { Body, Controller, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { ChannelRegistry } from '../channels/contract/channel-registry.js';
import { CurrentMember, MemberOnly } from '../identity/access/access.decorators.js';
import { isAdministrator, type Member } from '../identity/access/principal.js';
import { presentSlimInbox } from '../inboxes/inbox.presenter.js';
import { InboxesRepository } from '../inboxes/inboxes.repository.js';
import { Clock } from '../platform/clock/clock.js';
import type { Tx } from '../platform/database/transaction.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { compileFilter } from '../platform/filters/compile-filter.js';
import { FilterBody } from '../platform/filters/filter.dto.js';
import { answers } from '../platform/http/answers.js';
import { invalid, notFound, unprocessable } from '../platform/http/problem.js';
import { pathId } from '../platform/http/schema-fields.js';
import { AttributesRepository } from './attributes/attributes.repository.js';
import { contactSetting } from './contact-fields.js';
import { ContactAnswer, ContactList, ContactMatches, CreateContact, CreatedContact, FilterContacts, ListContacts, SearchContacts, UpdateContact, type WireContact } from './contact.dto.js';
import { ContactPresenter } from './contact.presenter.js';
import { CONTACTS_PER_PAGE, ContactsRepository, type ContactRow } from './contacts.repository.js';
import { IdentitiesRepository } from './identities.repository.js';
import { SaveContact } from './save-contact.service.js';

/** The people of the account. Every member sees them all. */
@Controller('api/v1/accounts/:account_id/contacts')
@MemberOnly()
export class ContactsController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly contacts: ContactsRepository, private readonly identities: IdentitiesRepository,
    private readonly save: SaveContact, private readonly inboxes: InboxesRepository, private readonly channels: ChannelRegistry,
    private readonly presenter: ContactPresenter, private readonly attributes: AttributesRepository, private readonly clock: Clock,
  ) {}

  @Get()
  @answers(ContactList)
  list(@CurrentMember() me: Member, @Query({ schema: ListContacts }) query: ListContacts): Promise<z.infer<typeof ContactList>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const { rows, count } = await this.contacts.list(tx, query);
      return { meta: { count, current_page: query.page }, payload: await this.present(tx, rows, query.include_contact_inboxes) };
    });
  }

  @Get('search')
  @answers(ContactMatches)
  search(@CurrentMember() me: Member, @Query({ schema: SearchContacts }) query: z.infer<typeof SearchContacts>): Promise<z.infer<typeof ContactMatches>> {
    const q = query.q?.trim();
    if (!q) throw unprocessable('Specify search string with parameter q');
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const rows = await this.contacts.search(tx, q, query.sort, query.page);
      const shown = rows.slice(0, CONTACTS_PER_PAGE);
      return {
        meta: { count: shown.length, current_page: query.page, has_more: rows.length > CONTACTS_PER_PAGE },
        payload: await this.present(tx, shown, query.include_contact_inboxes),
      };
    });
  }

  @Post('filter')
  @answers(ContactList)
  filter(@CurrentMember() me: Member, @Query({ schema: FilterContacts }) query: FilterContacts, @Body({ schema: FilterBody }) body: z.infer<typeof FilterBody>): Promise<z.infer<typeof ContactList>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const setting = contactSetting(await this.attributes.list(tx, 'contact_attribute'), this.clock.date());
      const { rows, count } = await this.contacts.filter(tx, (params) => compileFilter(body.payload, setting, params), query);
      return { meta: { count, current_page: query.page }, payload: await this.present(tx, rows, query.include_contact_inboxes) };
    });
  }

  @Post()
  @answers(CreatedContact)
  create(@CurrentMember() me: Member, @Body({ schema: CreateContact }) body: CreateContact): Promise<z.infer<typeof CreatedContact>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const inbox = body.inbox_id === undefined ? undefined : await this.inboxes.find(tx, body.inbox_id, isAdministrator(me) ? null : me.userId);
      if (body.inbox_id !== undefined && !inbox) throw invalid('inbox_id', 'Inbox does not exist');
      const row = await this.save.create(tx, body);
      const identity = inbox && await this.identities.insert(tx, inbox.id, body.source_id ?? randomUUID(), row.id, false);
      if (inbox && !identity) throw invalid('source_id', 'Source has already been taken');
      const [contact] = await this.present(tx, [row], true);
      return {
        payload: {
          contact: contact!,
          contact_inbox: { inbox: inbox ? presentSlimInbox(inbox, this.channels.get(inbox.channel_type).wireType) : null, source_id: identity?.source_id ?? null },
        },
      };
    });
  }

  @Get(':id')
  @answers(ContactAnswer)
  show(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<z.infer<typeof ContactAnswer>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const row = await this.contacts.find(tx, id);
      if (!row) throw notFound();
      return { payload: (await this.present(tx, [row], true))[0]! };
    });
  }

  @Put(':id')
  @answers(ContactAnswer)
  replace(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Body({ schema: UpdateContact }) body: UpdateContact): Promise<z.infer<typeof ContactAnswer>> {
    return this.update(me, id, body);
  }

  @Patch(':id')
  @answers(ContactAnswer)
  update(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Body({ schema: UpdateContact }) body: UpdateContact): Promise<z.infer<typeof ContactAnswer>> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({ payload: (await this.present(tx, [await this.save.update(tx, id, body)], true))[0]! }));
  }

  private async present(tx: Tx, rows: ContactRow[], withInboxes: boolean): Promise<WireContact[]> {
    if (!withInboxes) return rows.map((row) => this.presenter.present(row));
    const identities = await this.contacts.identities(tx, rows.map((row) => row.id));
    return rows.map((row) => this.presenter.present(row, identities.filter((identity) => identity.contact_id === row.id)));
  }
}
