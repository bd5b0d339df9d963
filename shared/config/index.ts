export { type SettingInfo, type SettingName, settingInfo } from './names.js'
export { invalidSetting, type SettingSource, Settings } from './settings.js'
export { cloudSources, configCenterSource, environmentSource } from './sources.js'
