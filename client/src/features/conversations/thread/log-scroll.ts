import { nextTick, onBeforeUnmount, onMounted, ref, type Ref } from 'vue';

/** This near to the end (pixels) counts as being there. */
const NEAR = 60;

/**
 * Keeps the reader's place in a log that grows at both ends: at the end new lines are followed; elsewhere nothing that
 * is being read moves, whether lines come in above, below, or a picture takes its room.
 */
export function useLogScroll(scroller: Readonly<Ref<HTMLElement | null>>, content: Readonly<Ref<HTMLElement | null>>) {
  const atEnd = ref(true);
  let observer: ResizeObserver | undefined;

  const distance = () => (scroller.value ? scroller.value.scrollHeight - scroller.value.scrollTop - scroller.value.clientHeight : 0);
  function toEnd() {
    scroller.value?.scrollTo({ top: scroller.value.scrollHeight, behavior: 'instant' });
    atEnd.value = true;
  }
  function scrolled() {
    atEnd.value = distance() < NEAR;
  }
  /** Runs a change that puts lines above; what is on screen stays. */
  async function keepingPlace(change: () => Promise<unknown>) {
    const before = distance();
    await change();
    await nextTick();
    if (scroller.value && !atEnd.value) scroller.value.scrollTop = scroller.value.scrollHeight - scroller.value.clientHeight - before;
  }
  onMounted(() => {
    observer = new ResizeObserver(() => { if (atEnd.value) toEnd(); });
    if (content.value) observer.observe(content.value);
    if (scroller.value) observer.observe(scroller.value);
  });
  onBeforeUnmount(() => observer?.disconnect());
  return { atEnd, toEnd, scrolled, keepingPlace };
}
