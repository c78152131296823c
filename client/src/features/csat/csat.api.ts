import type { components } from '../../api/generated';
import { accountPath, http, withQuery } from '../../api/http';
import type { Id } from '../../api/types';

export type SurveyResponse = components['schemas']['CsatSurveyResponse'];
export interface SurveyMetrics { total_count: number; ratings_count: Record<string, number>; total_sent_messages_count: number }
/** An inbox's `csat_config`. */
export interface CsatConfig { display_type?: 'emoji' | 'star'; message?: string | null; survey_rules?: { operator: 'contains' | 'does_not_contain'; values: string[] } | null }
/** Which answers: days back from now, and of whom. */
export interface SurveyFilter { days: number; inbox: Id; agent: Id; team: Id; rating: number }

export const PAGE_SIZE = 25;
const DAY = 86_400;
const query = ({ days, inbox, agent, team, rating }: SurveyFilter) => ({
  since: days ? Math.floor(Date.now() / 1000) - days * DAY : undefined, inbox_id: inbox || undefined, user_ids: agent ? [agent] : undefined, team_id: team || undefined, rating: rating || undefined,
});
const path = (accountId: Id, rest = '') => accountPath(accountId, `csat_survey_responses${rest}`);

export const fetchResponses = (accountId: Id, filter: SurveyFilter, page: number) => http.get<SurveyResponse[]>(path(accountId), { query: { ...query(filter), page } });
export const fetchMetrics = (accountId: Id, filter: SurveyFilter) => http.get<SurveyMetrics>(path(accountId, '/metrics'), { query: query({ ...filter, rating: 0 }) });
/** The same answers as a file. */
export const csvAddress = (accountId: Id, filter: SurveyFilter) => withQuery(path(accountId, '/download'), query(filter));
