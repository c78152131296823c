import { Injectable } from '@nestjs/common';
import { AttributesRepository } from '../../contacts/attributes/attributes.repository.js';
import type { Member } from '../../identity/access/principal.js';
import { InboxMembersRepository } from '../../inboxes/inbox-members.repository.js';
import { Clock } from '../../platform/clock/clock.js';
import { Params } from '../../platform/database/params.js';
import type { Tx } from '../../platform/database/transaction.js';
import { prepareFilter } from '../../platform/filters/prepare-filter.js';
import { alternatives, compileFilter, compileSets, isConjunction } from '../../platform/filters/compile-filter.js';
import type { Condition } from '../../platform/filters/filter.dto.js';
import { STATUSES } from '../conversation-codes.js';
import { conversationSetting, labelsIn, narrowedBy } from '../filters/conversation-fields.js';
import { LARGEST_SET, SetSizes } from '../filters/set-sizes.repository.js';
import type { WireConversation, WireCounts } from './conversation.dto.js';
import { ConversationPresenter } from './conversation.presenter.js';
import { ConversationReader, type HydratedConversation } from './conversation-reader.js';
import { CountsRepository } from './counts.repository.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { FoundConversations } from './found-conversations.repository.js';
import { LabelIds } from './label-ids.js';
import { MAX_PAGE, PAGE_SIZE, SORTS, type ConversationFilter, type FilterPage, type ListConversations, type Sort } from './list.dto.js';
import { filteredWalk, phasesOf, sorted, walk, walkOfSets, type Phase, type Scope } from './walk.js';

interface ConversationPage { payload: WireConversation[]; meta: WireCounts & { next_cursor: string | null } }
type PageQuery = Pick<ListConversations, 'sort_by' | 'cursor' | 'page'>;
type Listed = HydratedConversation & { phase: number; n: number };

/** Up to which page a filtered list is looked through row by row first. */
const NEAR = 4;
/** What it takes to read a row from anywhere, and an entry of an index in its order, in proportion. */
const [ROW_COST, ENTRY_COST] = [30, 1];

/** Pages of conversations and the numbers on the tabs. */
@Injectable()
export class ListConversationsService {
  constructor(
    private readonly members: InboxMembersRepository, private readonly labels: LabelIds, private readonly counts: CountsRepository, private readonly found: FoundConversations,
    private readonly reader: ConversationReader, private readonly presenter: ConversationPresenter,
    private readonly attributes: AttributesRepository, private readonly setSizes: SetSizes, private readonly clock: Clock,
  ) {}

  /** One page, by cursor or by number. */
  async page(tx: Tx, me: Member, query: ListConversations): Promise<ConversationPage> {
    return this.pageOf(tx, await this.scope(tx, me, query), query);
  }

  /** The same of those that a filter lets through. Throws Problem `unprocessable` for a filter that says nothing. */
  async filtered(tx: Tx, me: Member, conditions: Condition[], query: FilterPage): Promise<ConversationPage> {
    const titles = labelsIn(conditions);
    const labels = titles.length > 0 ? await this.labels.byTitle(tx, titles) : new Map<string, number>();
    const now = this.clock.date();
    const plain = conversationSetting(await this.attributes.list(tx, 'conversation_attribute'), labels, now);
    const common = await prepareFilter(tx, 'conversations', conditions, plain);
    const setting = { ...plain, isCommon: (condition: Condition) => common.has(condition) };
    const visible = await this.members.visibleInboxIds(tx, me);
    const { inboxes, active, rest, ...narrowed } = narrowedBy(conditions, now);
    const scope: Scope = {
      inboxes: inboxes && visible ? inboxes.filter((id) => visible.includes(id)) : inboxes ?? visible, tab: query.assignee_type, me: me.userId, ...narrowed, labelIds: null, teamId: null, only: null,
      active: (params) => compileFilter(active, setting, params),
      filter: {
        row: (params) => compileFilter(rest, setting, params), find: alternatives(rest, setting).map((part) => (params: Params, atMost?: number) => compileFilter(part, setting, params, { finds: true, atMost })),
        sets: (params) => compileSets(rest, setting, params), isConjunction: isConjunction(rest),
      },
    };
    const { counts, ids } = await this.counts.filtered(tx, scope);
    // Who knows them all need not look for them again.
    const rows = ids ? await this.rows(tx, { ...scope, filter: null, only: ids }, query, sorted) : await this.underFilter(tx, scope, query);
    return this.present(tx, rows, counts, query, scope);
  }

  /** A page of what is too much to know beforehand. A page near the beginning is soon found by looking at rows. */
  private async underFilter(tx: Tx, scope: Scope, query: PageQuery): Promise<Listed[]> {
    const isDeep = query.cursor === undefined && query.page > NEAR;
    if (isDeep) {
      const find = await this.bySets(tx, scope, query);
      if (find) return this.rows(tx, scope, query, find);
    }
    const rows = await this.rows(tx, scope, query, filteredWalk);
    if (rows.length > PAGE_SIZE) return rows;
    return this.rows(tx, scope, query, (!isDeep && await this.bySets(tx, scope, query)) || sorted);
  }

  /** Where indexes alone can say what the filter lets through: whether to walk the list for it, or to sort all of it. */
  private async bySets(tx: Tx, scope: Scope, query: PageQuery): Promise<typeof walk | undefined> {
    if (phasesOf(SORTS[query.sort_by], scope.statuses).length > 1) return undefined;
    const params = new Params();
    params.add(tx.accountId);
    const sets = scope.filter!.sets(params)?.sets;
    if (!sets || sets.length === 0) return undefined;
    const { sizes, all } = await this.setSizes.of(tx, sets, params);
    if (Math.max(...sizes) > LARGEST_SET) return undefined;
    const found = sets.map((set, n) => (set.isNegated ? all : sizes[n]!)).reduce(scope.filter!.isConjunction ? (a, b) => Math.min(a, b) : (a, b) => a + b);
    const reach = (query.cursor === undefined ? query.page : 1) * PAGE_SIZE + 1;
    return found * ROW_COST < Math.min(all, all * reach / found) * ENTRY_COST ? sorted : walkOfSets;
  }

  private async pageOf(tx: Tx, scope: Scope, query: PageQuery): Promise<ConversationPage> {
    const rows = await this.rows(tx, scope, query, scope.only ? sorted : walk);
    return this.present(tx, rows, await this.count(tx, scope), query, scope);
  }

  /** One row more than the page tells whether there is another. */
  private rows(tx: Tx, scope: Scope, query: PageQuery, find: typeof walk): Promise<Listed[]> {
    if (query.cursor === undefined && query.page > MAX_PAGE) return Promise.resolve([]);
    const sort = SORTS[query.sort_by];
    const phases = phasesOf(sort, scope.statuses);
    const cursor = query.cursor === undefined ? undefined : decodeCursor(query.cursor, sort, phases.map((phase) => phase.keys.length + 1));
    const params = new Params();
    params.add(tx.accountId);
    const ids = find(params, scope, phases, { cursor, limit: PAGE_SIZE + 1, offset: cursor ? 0 : (query.page - 1) * PAGE_SIZE });
    return this.reader.read<{ phase: number; n: number }>(tx,
      `SELECT c.*, w.phase, w.n FROM (${ids}) w JOIN conversations c ON c.account_id = $1 AND c.id = w.id`, params.values, { order: 'ORDER BY p.phase, p.n' });
  }

  private async present(tx: Tx, rows: Listed[], counts: WireCounts, query: PageQuery, scope: Scope): Promise<ConversationPage> {
    const shown = rows.slice(0, PAGE_SIZE);
    const last = rows.length > PAGE_SIZE ? shown.at(-1) : undefined;
    const sort = SORTS[query.sort_by];
    return {
      meta: { ...counts, next_cursor: last ? cursorAfter(last, sort, phasesOf(sort, scope.statuses)) : null },
      payload: await this.presenter.list(tx, shown),
    };
  }

  async meta(tx: Tx, me: Member, query: ConversationFilter): Promise<WireCounts> {
    return this.count(tx, await this.scope(tx, me, query));
  }

  private count(tx: Tx, scope: Scope): Promise<WireCounts> {
    return scope.labelIds || scope.only || scope.spam || scope.unattended || scope.updatedSince || scope.teamId !== null ? this.counts.capped(tx, scope) : this.counts.ofTabs(tx, scope);
  }

  private async scope(tx: Tx, me: Member, query: ConversationFilter): Promise<Scope> {
    const visible = await this.members.visibleInboxIds(tx, me);
    const inboxes = query.inbox_id === undefined ? visible : visible === null || visible.includes(query.inbox_id) ? [query.inbox_id] : [];
    const since = query.updated_within === undefined ? null : this.since(query.updated_within);
    return {
      inboxes, tab: query.assignee_type, me: me.userId, statuses: query.status === 'all' || query.status === 'spam' ? null : [STATUSES.indexOf(query.status)], spam: query.status === 'spam',
      teamId: query.team_id ?? null, filter: null, labelIds: query.labels ? await this.labels.of(tx, query.labels) : null, unattended: query.conversation_type === 'unattended', updatedSince: since, only: await this.only(tx, me, query, inboxes),
    };
  }

  /** The conversations in question where they can be named beforehand, null where they cannot. */
  private async only(tx: Tx, me: Member, query: ConversationFilter, inboxes: number[] | null): Promise<number[] | null> {
    const { q, source_id: sourceId, conversation_type: type } = query;
    const sets = [
      q?.trim() ? await this.found.ids(tx, q, inboxes) : undefined, sourceId === undefined ? undefined : await this.found.ofSource(tx, sourceId),
      type === 'mention' || type === 'participating' ? await this.found.ofParticipant(tx, me.userId, type === 'mention') : undefined,
      query.updated_within === undefined ? undefined : await this.found.changedSince(tx, this.since(query.updated_within)),
    ].filter((ids) => ids !== undefined);
    const [first, ...others] = sets;
    return first ? others.reduce((known, ids) => known.filter((id) => ids.includes(id)), first) : null;
  }

  private since(seconds: number): Date {
    return new Date(this.clock.now() - seconds * 1_000);
  }
}

function cursorAfter(row: Listed, sort: Sort, phases: Phase[]): string {
  const value = { last_activity_at: row.activity_us, created_at: row.created_us, waiting_since: row.waiting_us ?? 0, priority: row.priority };
  return encodeCursor({ sort, phase: row.phase, keys: [...phases[row.phase]!.keys.map((key) => value[key]), row.id] });
}
