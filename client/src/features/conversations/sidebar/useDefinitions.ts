import { onMounted, ref, type Ref } from 'vue';
import { fetchAttributes, type Attribute } from '../../../api/tools';

const FRESH_MS = 60_000;
let kept: { accountId: number; at: number; answer: Promise<Attribute[]> } | undefined;

/** The account's own attributes for people or for conversations: asked for once a minute at most. None while they are on their way, or cannot be had. */
export function useDefinitions(accountId: number, model: Attribute['attribute_model']): Ref<Attribute[]> {
  const definitions = ref<Attribute[]>([]);
  onMounted(async () => {
    if (kept?.accountId !== accountId || Date.now() - kept.at > FRESH_MS) kept = { accountId, at: Date.now(), answer: fetchAttributes(accountId) };
    const { answer } = kept;
    try {
      definitions.value = (await answer).filter((one) => one.attribute_model === model);
    } catch {
      if (kept.answer === answer) kept = undefined;
    }
  });
  return definitions;
}
