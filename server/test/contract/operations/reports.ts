import { expect } from '@jest/globals';
import { unique } from '../../factories.js';
import { operation, type Operation } from '../operation.js';
import type { World } from '../world.js';

const A = '/api/v1/accounts/{account_id}';
const R = '/api/v2/accounts/{account_id}';
/** The last week, up to the end of today. */
const span = (w: World): string => { const now = Math.floor(w.t.clock.now() / 1000); return `since=${now - 7 * 86_400}&until=${now + 86_400}`; };
const portal = async (w: World): Promise<string[]> => [(await w.ask('POST', 'portals', { name: 'Help', slug: `help-${unique()}` })).slug];
const withCategory = async (w: World): Promise<(string | number)[]> => {
  const [slug] = await portal(w);
  return [slug!, (await w.ask('POST', `portals/${slug}/categories`, { name: 'Start', slug: 'start', locale: 'en' })).payload.id];
};

/** Reports and the help centre. */
export const reports: Operation[] = [
  operation(`GET ${A}/reporting_events`, 'administrators', '@reportingEvents', { query: (w) => `page=1&${span(w)}` }),
  operation(`GET ${R}/reports`, 'administrators', '[@point]', { query: (w) => `metric=conversations_count&type=account&${span(w)}` }),
  operation(`GET ${R}/reports/summary`, 'administrators', '@summary', { query: (w) => `type=account&${span(w)}` }),
  operation(`GET ${R}/reports/conversations`, 'administrators', '@liveConversations', { query: () => 'type=account' }),
  operation(`GET ${R}/reports/conversations/`, 'administrators', '[@liveAgent]', { query: () => 'type=agent' }),
  operation(`GET ${R}/summary_reports/channel`, 'administrators', 'o', { query: span }),
  operation(`GET ${R}/summary_reports/inbox`, 'administrators', '[@summaryRow]', { query: span }),
  operation(`GET ${R}/summary_reports/agent`, 'administrators', '[@summaryRow]', { query: span }),
  operation(`GET ${R}/summary_reports/team`, 'administrators', '[@summaryRow]', { query: span }),
  operation(`GET ${R}/reports/first_response_time_distribution`, 'administrators', 'o', { query: span }),
  operation(`GET ${R}/reports/inbox_label_matrix`, 'administrators', '@matrix', { query: span }),
  operation(`GET ${R}/reports/outgoing_messages_count`, 'administrators', '[@outgoing]', { query: (w) => `group_by=agent&${span(w)}` }),
  operation(`GET ${A}/portals`, 'members', '@portals', { given: portal, effect: (_, [slug], body) => expect(body.payload.map((one: { slug: string }) => one.slug)).toContain(slug) }),
  operation(`POST ${A}/portals`, 'administrators', '@portal', {
    body: () => ({ name: 'Help', slug: `help-${unique()}`, color: '#336699' }), effect: async (w, _, body) => expect(JSON.stringify(await w.ask('GET', 'portals'))).toContain(`"slug":"${body.slug}"`),
  }),
  operation(`PATCH ${A}/portals/{id}`, 'administrators', '@portal', {
    given: portal, body: () => ({ header_text: 'How can we help?' }),
    effect: async (w, [slug]) => expect((await w.ask('GET', 'portals')).payload.find((one: { slug: string }) => one.slug === slug)).toMatchObject({ header_text: 'How can we help?' }),
  }),
  operation(`POST ${A}/portals/{id}/categories`, 'administrators', '@oneCategory', {
    given: portal, body: () => ({ name: 'Start', slug: 'start', locale: 'en', position: 1, description: 'First steps' }),
    effect: async (w, [slug]) => expect((await w.ask('GET', 'portals')).payload.find((one: { slug: string }) => one.slug === slug).meta.categories_count).toBe(1),
  }),
  operation(`POST ${A}/portals/{id}/articles`, 'administrators', '@oneArticle', {
    given: withCategory, body: (w, [, category]) => ({ title: 'Hours', content: 'Nine to six.', category_id: category, author_id: w.account.admin.id, status: 1, locale: 'en' }),
    effect: async (w, [slug]) => expect((await w.ask('GET', 'portals')).payload.find((one: { slug: string }) => one.slug === slug).meta.all_articles_count).toBe(1),
  }),
];
