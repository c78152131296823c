import { onScopeDispose, shallowReactive, type Component } from 'vue';

export interface Command {
  id: string;
  title: string;
  /** Heading it stands under, already translated. */
  group: string;
  icon?: Component;
  detail?: string;
  /** Key that does the same, for show. */
  shortcut?: string;
  /** Further words by which it is found. */
  keywords?: string;
  run: () => void;
}
/** Called each time the palette is drawn, so titles follow the language and lists follow the state. */
export type CommandList = () => Command[];
/** Answers to what is typed, for example people and conversations; called after a short rest, at least two letters. */
export type CommandSearch = (query: string, signal: AbortSignal) => Promise<Command[]>;

export const commandLists = shallowReactive(new Set<CommandList>());
export const commandSearches = shallowReactive(new Set<CommandSearch>());

/** Offers commands in the palette while the calling component lives. */
export function registerCommands(list: CommandList): void {
  commandLists.add(list);
  onScopeDispose(() => commandLists.delete(list));
}

/** Lets the palette search something on the server while the calling component lives. */
export function registerCommandSearch(search: CommandSearch): void {
  commandSearches.add(search);
  onScopeDispose(() => commandSearches.delete(search));
}
