import { makeConversation, makeMessage } from '../../factories-conversations.js';
import { makeWebChat } from '../../widget.js';
import { call, eventually } from '../../http.js';
import type { Feature } from '../feature.js';
import type { Side } from '../side.js';

/** A conversation that was resolved and asked; its uuid is the address of its survey. */
async function survey(side: Side): Promise<string> {
  const inbox = await makeWebChat(side.t, side.account, {}, { enable_email_collect: false, csat_survey_enabled: true, name: `${side.mark} asks` });
  const conversation = await makeConversation(side.t, side.account, inbox);
  await makeMessage(side.t, conversation, side.account.admin);
  await call(side.t, side.account.admin, 'POST', `${conversation.url}/toggle_status`, { status: 'resolved' });
  const { uuid } = (await call(side.t, side.account.admin, 'GET', conversation.url)).body;
  await eventually('the survey', async () => (await call(side.t, null, 'GET', `/public/api/v1/csat_survey/${uuid}`)).status === 200);
  return uuid;
}

export default {
  things: { surveys: survey },
  names: { conversation_uuid: 'surveys' },
  credentials: ['conversation_uuid'],
  doors: [{ under: '/survey/', because: 'demands the conversation\'s uuid, which only its contact was sent' }],
  routes: {
    'GET /survey/responses/{conversation_uuid}': { query: {}, takesAnything: ['change'] },
    'PUT /public/api/v1/csat_survey/{conversation_uuid}': { body: { message: { submitted_values: { csat_survey_response: { rating: 4 } } } } },
    'POST /survey/responses/{conversation_uuid}': { body: { rating: 4 }, answers: 303, takesAnything: ['rating', 'feedback_message'] },
  },
} satisfies Feature;
