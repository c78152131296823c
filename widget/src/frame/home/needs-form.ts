import { computed } from 'vue';
import { chat } from '../state';
import { questionsFor } from './pre-chat';

/** The questions to ask before the first message of a conversation. */
export const questions = computed(() => (chat.config.pre_chat_form_enabled && (!chat.conversation || chat.fresh) && !chat.outbox.length
  ? questionsFor(chat.config.pre_chat_form_options?.pre_chat_fields ?? [], chat.contact) : []));

export const needsForm = computed(() => questions.value.length > 0);
