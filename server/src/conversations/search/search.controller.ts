import { Controller, Get, Query } from '@nestjs/common';
import type { z } from 'zod';
import { ChannelRegistry } from '../../channels/contract/channel-registry.js';
import type { WireContact } from '../../contacts/contact.dto.js';
import { ContactPresenter } from '../../contacts/contact.presenter.js';
import { ContactsRepository } from '../../contacts/contacts.repository.js';
import { CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import { ScopeArea } from '../../identity/access/token-scopes.js';
import type { Member } from '../../identity/access/principal.js';
import { InboxMembersRepository } from '../../inboxes/inbox-members.repository.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers } from '../../platform/http/answers.js';
import { ArticleFinder } from './article-finder.js';
import { MessageSearchRepository } from './message-search.repository.js';
import { readSearch } from './search-query.js';
import { FoundAll, FoundArticles, FoundContacts, FoundConversations, FoundMessages, MAX_PAGE, PER_PAGE, SearchInput, type FoundArticle, type FoundMessage, type FoundConversation } from './search.dto.js';
import { presentFoundConversation, presentFoundMessage } from './search.presenter.js';
import { SearchRepository } from './search.repository.js';

/** Finding messages, conversations and people. Agents find what is in their inboxes. */
@Controller('api/v1/accounts/:account_id/search')
@MemberOnly()
export class SearchController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly members: InboxMembersRepository, private readonly index: MessageSearchRepository,
    private readonly found: SearchRepository, private readonly contacts: ContactsRepository, private readonly channels: ChannelRegistry, private readonly contactPresenter: ContactPresenter,
    private readonly articles: ArticleFinder,
  ) {}

  @Get()
  @answers(FoundAll)
  all(@CurrentMember() me: Member, @Query({ schema: SearchInput }) input: SearchInput): Promise<z.infer<typeof FoundAll>> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({
      payload: {
        messages: await this.findMessages(tx, me, input), conversations: await this.findConversations(tx, me, input), contacts: await this.findContacts(tx, input),
        articles: await this.findArticles(tx, input),
      },
    }));
  }

  @Get('messages')
  @answers(FoundMessages)
  messages(@CurrentMember() me: Member, @Query({ schema: SearchInput }) input: SearchInput): Promise<z.infer<typeof FoundMessages>> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({ payload: { messages: await this.findMessages(tx, me, input) } }));
  }

  @Get('conversations')
  @answers(FoundConversations)
  conversations(@CurrentMember() me: Member, @Query({ schema: SearchInput }) input: SearchInput): Promise<z.infer<typeof FoundConversations>> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({ payload: { conversations: await this.findConversations(tx, me, input) } }));
  }

  @Get('contacts')
  @ScopeArea('contacts')
  @answers(FoundContacts)
  people(@CurrentMember() me: Member, @Query({ schema: SearchInput }) input: SearchInput): Promise<z.infer<typeof FoundContacts>> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({ payload: { contacts: await this.findContacts(tx, input) } }));
  }

  @Get('articles')
  @ScopeArea('help_centre')
  @answers(FoundArticles)
  written(@CurrentMember() me: Member, @Query({ schema: SearchInput }) input: SearchInput): Promise<z.infer<typeof FoundArticles>> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({ payload: { articles: await this.findArticles(tx, input) } }));
  }

  private async findMessages(tx: Tx, me: Member, { q, page }: SearchInput): Promise<z.infer<typeof FoundMessage>[]> {
    const query = readSearch(q);
    if (!query || page > MAX_PAGE) return [];
    const hits = await this.index.find(tx, query, await this.members.visibleInboxIds(tx, me), page * PER_PAGE);
    return (await this.found.messages(tx, hits.slice((page - 1) * PER_PAGE))).map((row) => presentFoundMessage(row, q));
  }

  private async findConversations(tx: Tx, me: Member, { q, page }: SearchInput): Promise<z.infer<typeof FoundConversation>[]> {
    const text = q.trim().replace(/^#(?=\d)/, '');
    if (text === '' || page > MAX_PAGE) return [];
    const rows = await this.found.conversations(tx, text, await this.members.visibleInboxIds(tx, me), { offset: (page - 1) * PER_PAGE, limit: PER_PAGE });
    return rows.map((row) => presentFoundConversation(row, me.accountId, this.channels));
  }

  private async findContacts(tx: Tx, { q, page }: SearchInput): Promise<WireContact[]> {
    if (q.trim() === '' || page > MAX_PAGE) return [];
    return (await this.contacts.search(tx, q.trim(), '-last_activity_at', page, PER_PAGE)).slice(0, PER_PAGE).map((row) => this.contactPresenter.present(row));
  }

  private async findArticles(tx: Tx, { q, page }: SearchInput): Promise<z.infer<typeof FoundArticle>[]> {
    if (q.trim() === '' || page > MAX_PAGE) return [];
    return this.articles.find(tx, q.trim(), { offset: (page - 1) * PER_PAGE, limit: PER_PAGE });
  }
}
