import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/transaction.js';
import { ATTRIBUTES, FILTERS, HELP, macros, REPLIES, rules, TEAMS } from './demo-tools.js';

/** Writes what the example account has set up for itself, as its own pages would. */
@Injectable()
export class DemoToolsRepository {
  /** Answers the teams' ids by name. */
  async insertTeams(tx: Tx, people: number[]): Promise<Record<string, number>> {
    const ids: Record<string, number> = {};
    for (const { name, description, members } of TEAMS) {
      ids[name] = (await tx.one<{ id: number }>('INSERT INTO teams (account_id, name, description) VALUES ($1, $2, $3) RETURNING id', [tx.accountId, name, description]))!.id;
      await tx.sql('INSERT INTO team_members (account_id, team_id, user_id) SELECT $1, $2, unnest($3::bigint[])', [tx.accountId, ids[name], members.map((n) => people[n]!)]);
    }
    return ids;
  }

  /** Saved replies, attributes, macros, rules and everybody's saved filters. */
  async insertTools(tx: Tx, people: number[], teams: Record<string, number>): Promise<void> {
    for (const reply of REPLIES) await tx.sql('INSERT INTO canned_responses (account_id, short_code, content) VALUES ($1, $2, $3)', [tx.accountId, reply.short_code, reply.content]);
    for (const a of ATTRIBUTES) {
      await tx.sql('INSERT INTO custom_attribute_definitions (account_id, model, display_type, key, display_name, description, choices) VALUES ($1, $2, $3, $4, $5, $6, $7)',
        [tx.accountId, a.model, a.display_type, a.key, a.display_name, a.description, a.choices]);
    }
    for (const { name, actions } of macros(teams)) {
      await tx.sql('INSERT INTO macros (account_id, created_by, updated_by, visibility, name, actions) VALUES ($1, $2, $2, 1, $3, $4)', [tx.accountId, people[0], name, JSON.stringify(actions)]);
    }
    for (const [n, rule] of rules(teams).entries()) {
      await tx.sql('INSERT INTO automation_rules (account_id, position, active, event_name, name, description, conditions, actions) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
        [tx.accountId, n + 1, rule.active, rule.event_name, rule.name, rule.description, JSON.stringify(rule.conditions), JSON.stringify(rule.actions)]);
    }
    for (const { name, type, payload } of FILTERS) {
      await tx.sql('INSERT INTO custom_filters (account_id, user_id, filter_type, name, query) SELECT $1, unnest($2::bigint[]), $3, $4, $5', [tx.accountId, people, type, name, JSON.stringify({ payload })]);
    }
  }

  /** The help centre with its articles, all published. */
  async insertHelp(tx: Tx, author: number): Promise<void> {
    const { slug, name, color, header_text } = HELP.portal;
    const portal = (await tx.one<{ id: number }>('INSERT INTO portals (account_id, slug, name, color, header_text) VALUES ($1, $2, $3, $4, $5) RETURNING id', [tx.accountId, slug, name, color, header_text]))!.id;
    let position = 0;
    for (const [c, category] of HELP.categories.entries()) {
      const { id } = (await tx.one<{ id: number }>('INSERT INTO categories (account_id, portal_id, position, locale, slug, name, icon) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id',
        [tx.accountId, portal, c + 1, 'en', category.slug, category.name, category.icon]))!;
      for (const [n, article] of category.articles.entries()) {
        await tx.sql('INSERT INTO articles (account_id, portal_id, category_id, author_id, position, status, locale, slug, title, content) VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9)',
          [tx.accountId, portal, id, author, ++position, 'en', `${category.slug}-${n + 1}`, article.title, article.content]);
      }
    }
  }
}
