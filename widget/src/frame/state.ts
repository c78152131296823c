import { computed, reactive } from 'vue';
import type { FrameSettings } from '../protocol/protocol';
import { messageTypes, type WireConfig, type WireContact, type WireConversation, type WireMessage, type WirePerson } from './api/wire';
import type { Introduction, Outgoing } from './outbox/queue';

/** True inside a host page, false when the chat has a tab of its own. */
export const embedded = window.parent !== window;

/** Everything the screen shows. Changed by the session, conversation, outbox and realtime modules. */
export const chat = reactive({
  phase: 'loading' as 'loading' | 'ready' | 'missing' | 'failed',
  settings: {} as FrameSettings,
  config: {} as WireConfig,
  contact: {} as WireContact,
  conversation: null as WireConversation | null,
  messages: [] as WireMessage[],
  /** No older messages exist on the server. */
  complete: true,
  outbox: [] as Outgoing[],
  agents: [] as WirePerson[],
  typing: null as WirePerson | null,
  view: 'home' as 'home' | 'thread',
  open: !embedded,
  visible: document.visibilityState === 'visible',
  online: navigator.onLine,
  /** Id of the newest message the visitor has seen. */
  seenId: 0,
  /** Unix seconds: everything older was seen by an agent. */
  agentSeenAt: 0,
  /** The visitor asked for a new conversation; the next message makes it. */
  fresh: false,
  /** Answers of the form, until the first message takes them along. */
  introduction: null as Introduction | null,
  now: Date.now(),
});

/** Whether the inbox has switched this on; an older server that does not say has everything on. */
export const allows = (feature: 'attachments' | 'emoji_picker' | 'end_conversation'): boolean => chat.config.enabled_features?.includes(feature) ?? true;

/** Whether the visitor wrote it. */
export const isOwn = (message: WireMessage): boolean => message.message_type === messageTypes.incoming;

/** Messages from the team that the visitor has not seen. */
export const unread = computed(() => chat.messages.filter((message) => !isOwn(message) && message.id > chat.seenId).length);

/** Whether the visitor is looking at the conversation now. */
export const reading = computed(() => chat.open && chat.visible && chat.view === 'thread');
