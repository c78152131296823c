import { z } from 'zod';
import { email, flatOrWrapped, formBool, formList, personName } from '../../platform/http/schema-fields.js';
import { AvailabilityName, RoleName } from '../users/user.dto.js';

export const Agent = z.object({
  id: z.int(), account_id: z.int().nullable(), availability_status: AvailabilityName, auto_offline: z.boolean(), confirmed: z.boolean(), email: z.string(), provider: z.literal('email'),
  available_name: z.string(), custom_attributes: z.record(z.string(), z.unknown()).optional(), name: z.string(), role: RoleName, thumbnail: z.string(),
  mfa_enabled: z.boolean().optional(), invitation_url: z.string().optional(),
}).meta({ id: 'Agent' });
export type Agent = z.infer<typeof Agent>;

export const NewAgent = flatOrWrapped('agent', z.object({
  name: personName(255), email, role: RoleName.default('agent'), availability: AvailabilityName.default('online'), auto_offline: formBool.optional(),
})).meta({ id: 'NewAgent' });
export type NewAgent = z.infer<typeof NewAgent>;

/** More than one wants to send at a time; each of them is a mail. */
const MAX_INVITED = 100;
export const NewAgents = z.object({ emails: formList(email, MAX_INVITED).pipe(z.array(z.string()).min(1, 'cannot be empty')) }).meta({ id: 'NewAgents' });
export type NewAgents = z.infer<typeof NewAgents>;
export const InvitedAgents = z.object({ payload: z.array(Agent), skipped: z.array(z.object({ email: z.string(), message: z.string() })) }).meta({ id: 'InvitedAgents' });
export type InvitedAgents = z.infer<typeof InvitedAgents>;

export const AgentChanges = flatOrWrapped('agent', z.object({
  role: RoleName.optional(), availability: AvailabilityName.optional(), auto_offline: formBool.optional(),
})).meta({ id: 'AgentChanges' });
export type AgentChanges = z.infer<typeof AgentChanges>;

export const ResetLink = z.object({ reset_url: z.string().optional() }).meta({ id: 'ResetLink' });
