import type { Params } from '../../platform/database/params.js';
import type { CompiledSets } from '../../platform/filters/compile-filter.js';
import { Status } from '../conversation-codes.js';
import type { Cursor } from './cursor.js';
import type { Sort } from './list.dto.js';

/** What narrows a list. Everything is resolved to ids. */
export interface Scope {
  inboxes: number[] | null; statuses: readonly number[] | null; tab: 'me' | 'unassigned' | 'assigned' | 'all'; me: number;
  labelIds: number[] | null; teamId: number | null; only: number[] | null;
  filter: ScopeFilter | null;
  /** Of whom alone, besides what the tab says. */
  assignee?: number | 'nobody' | null;
  /** When they were last active, compiled: the indexes of the walk have it. */
  active?: (params: Params) => string;
  /** Before which moment they began, when the filter says so: it lets a walk by activity begin there. */
  begunBefore?: Date | null;
  /** Only the spam folder. */
  spam?: boolean;
  /** Only what nobody has answered, or what waits for an answer again. */
  unattended?: boolean;
  /** Only what has changed since. */
  updatedSince?: Date | null;
}

/** A compiled filter. Each form adds its own values; all of them mean the same. */
export interface ScopeFilter {
  /** For a row in hand. */
  row: (params: Params) => string;
  /** For finding rows: parts of which a row meets one. Where nothing else is asked of a row, so many of each will do. */
  find: ((params: Params, atMost?: number) => string)[];
  /** By sets of ids alone, and those sets; undefined where that cannot be said. */
  sets: (params: Params) => CompiledSets | undefined;
  /** Whether all sets have to hold an id. */
  isConjunction: boolean;
}

/** One ordered stretch of a list: an index walked from where the cursor stands. */
export interface Phase {
  /** Sort key columns before the id; times are compared to the microsecond. */
  keys: readonly ('last_activity_at' | 'created_at' | 'waiting_since' | 'priority')[];
  /** The direction that all keys and the id share, since a row comparison has only one. */
  direction: 'ASC' | 'DESC';
  where?: string;
  /** Whether statuses are walked one by one: the index begins with them. */
  byStatus: boolean;
}

/** How far a filtered walk goes on its own, and for each row that it has to find. */
const STRETCH = 20_000;
const STRETCH_PER_ROW = 100;
const MOST_BRANCHES = 16;
/** As the index conversations_long has it. */
const LONG_MS = 3 * 86_400_000;

/** As its index has it. */
const IS_SPAM = "c.additional_attributes ? 'spam'";
const activity = (direction: 'ASC' | 'DESC', where?: string): Phase => ({ keys: ['last_activity_at'], direction, byStatus: true, where });

/**
 * The stretches of a sort, in their order. Only unresolved conversations have indexes for priority and age, for there are few of them; where resolved
 * ones are asked for too, age is the order of their ids, and priority says nothing any more: the newest activity orders.
 */
export function phasesOf(sort: Sort, statuses: readonly number[] | null): Phase[] {
  const hasResolved = statuses === null || statuses.includes(Status.resolved);
  const direction = sort.endsWith('_asc') ? 'ASC' : 'DESC';
  switch (sort) {
    case 'activity_asc': case 'activity_desc': return [activity(direction)];
    case 'created_asc': case 'created_desc': return [hasResolved ? { keys: [], direction, byStatus: false } : { keys: ['created_at'], direction, byStatus: true }];
    case 'priority_asc': case 'priority_desc': return [hasResolved ? activity('DESC') : { keys: ['priority', 'last_activity_at'], direction, byStatus: true }];
    // Each priority is a stretch of its own: within it the direction is another one.
    case 'priority_created': return hasResolved ? phasesOf('created_asc', statuses) : [4, 3, 2, 1, 0].map((priority) => ({ keys: ['created_at'], direction: 'ASC', byStatus: true, where: `c.priority = ${priority}` }));
    case 'unread': return hasResolved ? [activity('DESC')] : [activity('DESC', 'c.unread_count > 0'), activity('DESC', 'c.unread_count = 0')];
    case 'waiting_asc': case 'waiting_desc':
      return [{ keys: ['waiting_since'], direction, byStatus: false, where: 'c.waiting_since IS NOT NULL' }, activity('DESC', 'c.waiting_since IS NULL')];
  }
}

interface PagePlace { cursor?: Cursor; limit: number; offset: number }

/**
 * The ids of a page in order, as rows (id, phase, n). Every branch is an index walked until it has enough, so that the cost depends on the page and
 * not on the account: one branch for each status, in each inbox one may see, merged. The account is $1.
 */
export function walk(params: Params, scope: Scope, phases: Phase[], page: PagePlace): string {
  const reach = page.limit + page.offset;
  return paged(params, scope, phases, page, (phase, conditions) => {
    const branches = branchesOf(params, scope, phase, conditions, reach).map((branch) => `(${branch} ORDER BY ${orderOf(phase, 'c.')} LIMIT ${reach})`);
    return branches.join(' UNION ALL ');
  });
}

/**
 * The same under a filter. It is asked of the merged walk and not of each branch: a status in which nothing matches would be walked to its end. Sorts of one stretch
 * look at the first 20,000 rows only, or further for later pages, which is far enough for what is common; a page that is not full then is found by `sorted` or `walkOfSets`.
 */
export function filteredWalk(params: Params, scope: Scope, phases: Phase[], page: PagePlace): string {
  const far = phases.length === 1 ? `LIMIT ${Math.max(STRETCH, STRETCH_PER_ROW * (page.limit + page.offset))}` : 'OFFSET 0';
  return paged(params, scope, phases, page, (phase, conditions) => {
    const branches = wholeBranches(params, scope, phase, conditions).map((branch) => `(${branch} ORDER BY ${orderOf(phase, 'c.')} ${far})`);
    return `SELECT c.id${columnsOf(phase, 'c.')} FROM (SELECT * FROM (${branches.join(' UNION ALL ')}) b ORDER BY ${orderOf(phase, 'b.')} ${far}) c WHERE ${scope.filter!.row(params)}`;
  });
}

/** The same where the filter is said by sets of ids: nothing but indexes is read, as far as it takes. For sorts of one stretch. */
export function walkOfSets(params: Params, scope: Scope, phases: Phase[], page: PagePlace): string {
  return paged(params, scope, phases, page, (phase, conditions) => {
    const columns = (prefix: string): string => `${prefix}id${columnsOf(phase, prefix)}`;
    const branches = wholeBranches(params, scope, phase, conditions, columns('c.')).map((branch) => `(${branch} ORDER BY ${orderOf(phase, 'c.')})`);
    return `SELECT ${columns('c.')} FROM (SELECT * FROM (${branches.join(' UNION ALL ')}) b ORDER BY ${orderOf(phase, 'b.')}) c WHERE ${scope.filter!.sets(params)!.sql}`;
  });
}

/** The same where few rows are in question: they are found by whatever index is best, and then sorted. */
export function sorted(params: Params, scope: Scope, phases: Phase[], page: PagePlace): string {
  return paged(params, scope, phases, page, (phase, conditions) =>
    // Looked for without knowing of the order, or the index that has the order would be taken.
    `SELECT c.id${columnsOf(phase, 'c.')} FROM conversations c WHERE ${[...conditions, ...within(params, scope), ...(scope.filter ? [foundBy(scope.filter, params)] : [])].join(' AND ')} OFFSET 0`);
}

function foundBy(filter: ScopeFilter, params: Params): string {
  const [only, ...others] = filter.find.map((part) => part(params));
  return others.length === 0 ? only! : `c.id IN (${[only, ...others].map((part) => `SELECT c.id FROM conversations c WHERE c.account_id = $1 AND ${part}`).join(' UNION ALL ')})`;
}

function paged(params: Params, scope: Scope, phases: Phase[], page: PagePlace, rowsOf: (phase: Phase, conditions: string[]) => string): string {
  const first = page.cursor?.phase ?? 0;
  const open = phases.slice(first);
  // With several stretches nobody knows yet which of them the offset ends in.
  const [limit, offset] = open.length === 1 ? [page.limit, page.offset] : [page.limit + page.offset, 0];
  const parts = open.map((phase, n) => {
    const conditions = ['c.account_id = $1', ...narrowing(params, scope), ...(phase.where ? [phase.where] : []), ...(n === 0 && page.cursor ? [beyond(params, phase, page.cursor)] : [])];
    return `SELECT u.id, ${first + n} AS phase, row_number() OVER (ORDER BY ${orderOf(phase, 'u.')}) AS n
      FROM (SELECT * FROM (${rowsOf(phase, conditions)}) b ORDER BY ${orderOf(phase, 'b.')} LIMIT ${limit} OFFSET ${offset}) u`;
  });
  if (parts.length === 1) return parts[0]!;
  return `SELECT * FROM (${parts.map((part) => `(${part})`).join(' UNION ALL ')}) w ORDER BY w.phase, w.n LIMIT ${page.limit} OFFSET ${page.offset}`;
}

/** Conditions of the inboxes and statuses. */
export function within(params: Params, scope: Scope): string[] {
  return [...(scope.inboxes ? [`c.inbox_id = ANY (${params.add(scope.inboxes)}::bigint[])`] : []), ...(scope.statuses ? [`c.status IN (${scope.statuses.join(', ')})`] : [])];
}

/** Conditions of the tab, the labels and a search; inboxes and statuses are the branches' own, a filter is asked apart. The account is $1. */
export function narrowing(params: Params, scope: Scope): string[] {
  const conditions: string[] = [];
  if (scope.tab === 'me') conditions.push(`c.assignee_id = ${params.add(scope.me)}`);
  if (scope.tab === 'unassigned') conditions.push('c.assignee_id IS NULL');
  if (scope.tab === 'assigned') conditions.push('c.assignee_id IS NOT NULL');
  if (scope.spam) conditions.push(IS_SPAM);
  if (scope.assignee === 'nobody') conditions.push('c.assignee_id IS NULL');
  else if (scope.assignee) conditions.push(`c.assignee_id = ${params.add(scope.assignee)}`);
  if (scope.active) conditions.push(scope.active(params));
  if (scope.teamId !== null) conditions.push(`c.team_id = ${params.add(scope.teamId)}`);
  if (scope.labelIds) {
    conditions.push(`EXISTS (SELECT FROM conversation_labels l WHERE l.account_id = $1 AND l.conversation_id = c.id AND l.label_id = ANY (${params.add(scope.labelIds)}::int[]))`);
  }
  if (scope.unattended) conditions.push('(c.first_reply_at IS NULL OR c.waiting_since IS NOT NULL)');
  if (scope.updatedSince) conditions.push(`c.updated_at > ${params.add(scope.updatedSince)}`);
  if (scope.only) conditions.push(`c.id = ANY (${params.add(scope.only)}::bigint[])`);
  return conditions;
}

function branchesOf(params: Params, scope: Scope, phase: Phase, conditions: string[], reach: number): string[] {
  const columns = `c.id${columnsOf(phase, 'c.')}`;
  const statuses = statusesOf(scope, phase);
  const byInbox = isByInbox(scope, phase);
  const inboxes = scope.inboxes === null ? undefined : `${params.add(scope.inboxes)}::bigint[]`;
  return statuses.map((status) => {
    const where = [status, ...conditions];
    if (!byInbox) return `SELECT ${columns} FROM conversations c WHERE ${[...where, ...(inboxes ? [`c.inbox_id = ANY (${inboxes})`] : [])].join(' AND ')}`;
    const order = orderOf(phase, 'c.');
    return `SELECT c.* FROM unnest(${inboxes}) AS v(inbox_id) CROSS JOIN LATERAL (
      SELECT ${columns} FROM conversations c WHERE ${[...where, 'c.inbox_id = v.inbox_id'].join(' AND ')} ORDER BY ${order} LIMIT ${reach}) c`;
  });
}

/** Whole rows, or those columns, without a limit of their own. Each inbox has its own branch while they are not too many to plan. */
function wholeBranches(params: Params, scope: Scope, phase: Phase, conditions: string[], columns = 'c.*'): string[] {
  const statuses = statusesOf(scope, phase);
  const byInbox = isByInbox(scope, phase) && scope.inboxes!.length * statuses.length <= MOST_BRANCHES;
  const times = phase.keys[0] === 'last_activity_at' && scope.begunBefore ? byBeginning(params, scope.begunBefore) : ['true'];
  const inboxes = scope.inboxes === null ? ['true'] : byInbox ? scope.inboxes.map((id) => `c.inbox_id = ${params.add(id)}`) : [`c.inbox_id = ANY (${params.add(scope.inboxes)}::bigint[])`];
  return times.flatMap((time) => statuses.flatMap((status) => inboxes.map((inbox) => `SELECT ${columns} FROM conversations c WHERE ${[time, status, inbox, ...conditions].join(' AND ')}`)));
}

/** What began before a moment: last active until three days after it, or at it for longer, which has an index of its own. The second says what follows from the first being false. */
function byBeginning(params: Params, moment: Date): string[] {
  const [began, quiet] = [params.add(moment), params.add(new Date(moment.getTime() + LONG_MS))].map((param) => `${param}::timestamptz`);
  return [`c.last_activity_at < ${quiet}`, `c.last_activity_at >= ${quiet} AND c.created_at < ${began} AND c.last_activity_at - c.created_at > interval '3 days'`];
}

const statusesOf = (scope: Scope, phase: Phase): string[] => (phase.byStatus ? (scope.statuses ?? [0, 1, 2, 3]).map((status) => `c.status = ${status}`)
  : [scope.statuses === null ? 'true' : `c.status IN (${scope.statuses.join(', ')})`]);

// Only newest-first has an index by inbox; one's own conversations are few enough to look at each.
const isByInbox = (scope: Scope, phase: Phase): boolean =>
  scope.inboxes !== null && scope.inboxes.length > 0 && phase.byStatus && phase.keys[0] === 'last_activity_at' && scope.tab !== 'me' && !scope.assignee;

const columnsOf = (phase: Phase, prefix: string): string => phase.keys.map((key) => `, ${prefix}${key}`).join('');
const orderOf = (phase: Phase, prefix: string): string => [...phase.keys, 'id'].map((key) => `${prefix}${key} ${phase.direction}`).join(', ');

function beyond(params: Params, phase: Phase, cursor: Cursor): string {
  const marks = [...phase.keys, 'id'].map((key, n) => {
    const mark = `${params.add(cursor.keys[n])}::bigint`;
    return key.endsWith('_at') || key === 'waiting_since' ? `timestamptz 'epoch' + ${mark} * interval '1 microsecond'` : key === 'priority' ? `${mark}::smallint` : mark;
  });
  return `(${[...phase.keys, 'id'].map((key) => `c.${key}`).join(', ')}) ${phase.direction === 'ASC' ? '>' : '<'} (${marks.join(', ')})`;
}
