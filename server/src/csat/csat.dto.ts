import { z } from 'zod';
import { Agent } from '../identity/agents/agent.dto.js';
import { formInt, formList, pageNumber, text } from '../platform/http/schema-fields.js';
import { CSAT_DISPLAYS } from '../inboxes/csat-config.dto.js';
import { ContactSchema } from '../contacts/contact.dto.js';

const rating = formInt.pipe(z.int().min(1).max(5));
/** What somebody says of a conversation. */
export const SubmittedRating = z.object({ csat_survey_response: z.object({ rating, feedback_message: text(10_000).nullish() }) });
export const RateConversation = z.object({ message: z.object({ submitted_values: SubmittedRating }) });

/** The row, as Chatwoot's survey page reads it. */
const StoredResponse = z.object({
  id: z.int(), account_id: z.int(), conversation_id: z.int(), message_id: z.int(), rating: z.int(), feedback_message: z.string().nullable(), assigned_agent_id: z.int().nullable(),
  created_at: z.string(), updated_at: z.string(),
});
export const PublicSurvey = z.object({
  id: z.int(), csat_survey_response: StoredResponse.nullable(), display_type: z.enum(CSAT_DISPLAYS), content: z.string(), inbox_avatar_url: z.string(), inbox_name: z.string(), locale: z.string(),
  conversation_id: z.int(), created_at: z.string(),
}).meta({ id: 'PublicSurvey' });
export type PublicSurvey = z.infer<typeof PublicSurvey>;

/** Seconds since 1970. What programs divide by a thousand has a fraction. */
const moment = z.preprocess((v) => (typeof v === 'string' && /^\d{1,12}\.\d{1,9}$/.test(v) ? v.split('.')[0] : v), formInt.pipe(z.int().min(0).max(253_402_300_799)));
const filters = {
  since: moment.optional(), until: moment.optional(), user_ids: formList(formInt, 500).optional(), inbox_id: formInt.optional(), team_id: formInt.optional(), rating: rating.optional(),
};
export const MetricsQuery = z.object(filters);
export type SurveyFilter = z.infer<typeof MetricsQuery>;
export const ResponsesQuery = z.object({ ...filters, page: pageNumber.pipe(z.int().max(100_000)).optional(), sort: z.enum(['created_at', '-created_at', 'rating', '-rating']).default('-created_at') });
export type ResponsesQuery = z.infer<typeof ResponsesQuery>;

export const SurveyResponse = z.object({
  id: z.int(), rating: z.int(), feedback_message: z.string().nullable(), account_id: z.int(), message_id: z.int(), contact: ContactSchema, conversation_id: z.int(),
  assigned_agent: Agent.optional(), created_at: z.int(), inbox_id: z.int(),
}).meta({ id: 'CsatSurveyResponse' });
export type SurveyResponse = z.infer<typeof SurveyResponse>;
export const SurveyMetrics = z.object({ total_count: z.int(), ratings_count: z.record(z.string(), z.int()), total_sent_messages_count: z.int() });
