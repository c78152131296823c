import type { Tx } from '../../platform/database/transaction.js';

/** Programs tell by this what a rule has said from what a person has. */
export const saidBy = ({ cause }: Tx): { content_attributes?: { automation_rule_id: number } } => (cause?.by === 'automation_rule' ? { content_attributes: { automation_rule_id: cause.id } } : {});
