import type { Component } from 'vue';
import { loadMessages } from '../../../../app/i18n';
import type { Attachment, Message } from '../../../../api/types';
import { lazyComponent } from '../../../../app/late-files';
import MailBubble from '../../mail/MailBubble.vue';
import ActivityLine from './ActivityLine.vue';
import AudioBubble from './AudioBubble.vue';
import DeletedBubble from './DeletedBubble.vue';
import FileBubble from './FileBubble.vue';
import ImageBubble from './ImageBubble.vue';
import LocationBubble from './LocationBubble.vue';
import TextBubble from './TextBubble.vue';
import UnknownBubble from './UnknownBubble.vue';
import VideoBubble from './VideoBubble.vue';
import { partsOf, type PartKind } from './message-parts';

// Most conversations have none: it comes with its words when there is one.
const InteractiveBubble = lazyComponent(async () => (await Promise.all([import('../../../interactive/InteractiveBubble.vue'), loadMessages(['interactive'])]))[0]);

/** One component per kind of part; each takes `message` and, where it is about a file, `attachment`. */
const bubbles: Record<PartKind, Component> = {
  text: TextBubble, mail: MailBubble, image: ImageBubble, audio: AudioBubble, video: VideoBubble, file: FileBubble, location: LocationBubble,
  activity: ActivityLine, interactive: InteractiveBubble, deleted: DeletedBubble, unknown: UnknownBubble,
};

/** What a message is made of, ready to be drawn in order. */
export function bubblesOf(message: Message): { key: string; component: Component; attachment: Attachment | undefined; kind: PartKind }[] {
  return partsOf(message).map(({ kind, attachment }, index) => ({ key: `${kind}-${attachment?.id ?? index}`, component: bubbles[kind], attachment, kind }));
}
