// What a stack program needs: light to load, since every preview and every update loads it.
export { type WantedInstance, wantedInstances } from "./instance.ts";
export {
  type DatabaseDescriptor,
  type EnvironmentFolders,
  type EnvironmentSettings,
  environmentFolders,
  type RolloutSettings,
  type VariableDescriptor,
} from "./settings.ts";
export { type SettingsOrigin, settingsFrom } from "./settings-from.ts";
