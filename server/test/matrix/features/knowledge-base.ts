import { call } from '../../http.js';
import type { Feature } from '../feature.js';
import type { Side } from '../side.js';

const post = async (side: Side, path: string, body: object): Promise<any> => (await call(side.t, side.account.admin, 'POST', `${side.url}/${path}`, body)).body; // eslint-disable-line @typescript-eslint/no-explicit-any -- a test looks into any answer
const portalOf = (side: Side): string => `${side.mark}-help`;
const page = (side: Side) => ({ slug: portalOf(side), locale: 'en' });

export default {
  things: {
    portals: async (side) => (await post(side, 'portals', { name: side.mark, slug: portalOf(side) })).slug,
    categories: async (side) => (await post(side, `portals/${portalOf(side)}/categories`, { name: side.mark, slug: 'start' })).payload.id,
    articles: async (side) => (await post(side, `portals/${portalOf(side)}/articles`, { title: side.mark, slug: 'hours', status: 1, category_id: side.ids.get('categories') })).payload.id,
  },
  names: { author_id: 'agents' },
  doors: [{ under: '/hc/', because: 'is written for everybody to read' }, { under: '/hc-domains/', because: 'tells a web server in front whether a name it was asked by is a help centre’s' }, { under: '/help-pictures/', because: 'is seen by everybody who reads the article' }],
  routes: {
    // Nothing stands beneath itself, and there is one of each.
    'POST /api/v1/accounts/{account_id}/portals': { body: { name: 'Help' } },
    'PATCH /api/v1/accounts/{account_id}/portals/{id}': { body: { header_text: 'How can we help?' } },
    'POST /api/v1/accounts/{account_id}/portals/{portal_id}/categories': { body: { name: 'Start' } },
    'PATCH /api/v1/accounts/{account_id}/portals/{portal_id}/categories/{id}': { body: { name: 'Begin' }, neverTaken: ['parent_category_id', 'associated_category_id'] },
    'POST /api/v1/accounts/{account_id}/portals/{portal_id}/articles': { body: { title: 'Opening hours', content: 'Nine to six.' } },
    'PATCH /api/v1/accounts/{account_id}/portals/{portal_id}/articles/{id}': { body: { content: 'Ten to six.' }, neverTaken: ['associated_article_id'] },
    'POST /api/v1/accounts/{account_id}/portals/{portal_id}/articles/preview': { body: { content: '# Hours' } },
    'POST /api/v1/accounts/{account_id}/portals/{portal_id}/articles/reorder': { body: { positions_hash: { 1: 2 } } },
    'POST /api/v1/accounts/{account_id}/portals/{portal_id}/categories/reorder': { body: { positions_hash: { 1: 2 } } },
    // A picture travels as a form; no JSON can hold one.
    'POST /api/v1/accounts/{account_id}/portals/{portal_id}/articles/pictures': { body: {}, answers: 422 },
    'GET /help-pictures/{account}/{name}': { params: () => ({ account: '1', name: 'x.webp' }), answers: 404 },
    'DELETE /api/v1/accounts/{account_id}/portals/{id}': { takesOthersAlong: true },
    'GET /hc-domains/ask': { query: { domain: 'nobody.example' }, answers: 404 },
    'GET /hc/{slug}': { params: page, answers: 302 },
    'GET /hc/{slug}/{locale}': { params: page },
    'GET /hc/{slug}/{locale}/categories/{category_slug}': { params: (side) => ({ ...page(side), category_slug: 'start' }) },
    'GET /hc/{slug}/{locale}/articles/{article_slug}': { params: (side) => ({ ...page(side), article_slug: 'hours' }) },
  },
} satisfies Feature;
