import type { Account } from './account.dto.js';
import type { AccountRow } from './account.repository.js';

/** Chatwoot's clients hide what is not named here. */
const FEATURES = { agent_management: true, inbox_management: true, labels: true, custom_attributes: true };

export function presentAccount(row: AccountRow, cacheKeys: Account['cache_keys']): Account {
  const attributes = row.custom_attributes ?? {};
  return {
    id: row.id, name: row.name, locale: row.locale, timezone: row.timezone, domain: row.domain, support_email: row.support_email, status: row.status === 0 ? 'active' : 'suspended',
    created_at: row.created_at.toISOString(), settings: row.settings, ...(Object.keys(attributes).length > 0 ? { custom_attributes: attributes } : {}),
    features: FEATURES, cache_keys: cacheKeys,
  };
}
