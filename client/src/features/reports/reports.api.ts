import type { Id } from '../../api/types';
import { http, withQuery } from '../../api/http';
import type { Group, Span } from './report-span';

/** Counts, and means in seconds; a mean of nothing is null. */
export interface Figures {
  conversations_count: number; incoming_messages_count: number; outgoing_messages_count: number; resolutions_count: number;
  avg_first_response_time: number | null; avg_resolution_time: number | null; reply_time: number | null;
}
export const METRICS = ['conversations_count', 'incoming_messages_count', 'outgoing_messages_count', 'resolutions_count', 'avg_first_response_time', 'reply_time', 'avg_resolution_time'] as const;
export type Metric = (typeof METRICS)[number];
export const isTime = (metric: Metric): boolean => metric === 'reply_time' || metric.startsWith('avg_');

export type Summary = Figures & { previous: Figures };
export interface Point { value: number | null; timestamp: number }
export const KINDS = ['agent', 'inbox', 'team', 'label'] as const;
export type Kind = (typeof KINDS)[number];
export interface Row { id: number; name: string; conversations_count: number; resolved_conversations_count: number; avg_first_response_time: number | null; avg_resolution_time: number | null; avg_reply_time: number | null }
export interface Now { open: number; unattended: number; unassigned: number; pending: number }
export interface AgentNow { id: number; name: string; thumbnail: string; availability: 'online' | 'busy' | 'offline'; metric: { open: number; unattended: number } }
export interface Progress { counted: number; total: number; finished: boolean }
/** What a page of reports is asked with. */
export interface Asked extends Span { group: Group; business: boolean; offset: number }

const path = (accountId: Id, rest: string): string => `/api/v2/accounts/${accountId}/${rest}`;
const spanOf = ({ since, until, business }: Asked) => ({ since, until, business_hours: business });

export const fetchSummary = (accountId: Id, asked: Asked) => http.get<Summary>(path(accountId, 'reports/summary'), { query: { type: 'account', ...spanOf(asked) } });
export const fetchSeries = (accountId: Id, asked: Asked, metric: Metric, group: Group = asked.group) =>
  http.get<Point[]>(path(accountId, 'reports'), { query: { type: 'account', metric, group_by: group, timezone_offset: asked.offset, ...spanOf(asked) } });
export const fetchRows = (accountId: Id, asked: Asked, kind: Kind) => http.get<Row[]>(path(accountId, `summary_reports/${kind}`), { query: spanOf(asked) });
export const fetchNow = (accountId: Id) => http.get<Now>(path(accountId, 'reports/conversations'), { query: { type: 'account' } });
export const fetchAgentsNow = (accountId: Id) => http.get<AgentNow[]>(path(accountId, 'reports/conversations'), { query: { type: 'agent' } });
export const fetchProgress = (accountId: Id) => http.get<Progress>(path(accountId, 'reports/progress'));

export const FILES = ['conversations_summary', 'conversation_traffic', 'agents', 'inboxes', 'teams', 'labels'] as const;
/** Where the CSV file of what is on show comes from. */
export const fileAddress = (accountId: Id, asked: Asked, file: (typeof FILES)[number]): string =>
  withQuery(path(accountId, `reports/${file}`), { ...spanOf(asked), ...(file.startsWith('conversation') && { group_by: asked.group, timezone_offset: asked.offset }) });
