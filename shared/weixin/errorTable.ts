import type { Advice } from '../errors/index.js'
import type { Bilingual } from '../operation/index.js'

/** WeChat's codes that mean the same on every API. An entry's own `errors` override this table. */
export const errorTable: Readonly<Record<number, Bilingual & { advice: Advice }>> = {
  [-1]: { en: 'WeChat is busy; try again shortly', zh: '微信侧繁忙，请稍后重试', advice: 'retry' },
  40001: {
    en: 'the access token is not valid any more, or, where a token is fetched, the AppSecret is wrong',
    zh: 'access_token 无效或已被顶替；获取 token 时表示 AppSecret 错误',
    advice: 'refresh',
  },
  40013: { en: 'the appid is unknown to WeChat', zh: 'appid 非法', advice: 'fix the settings' },
  40014: { en: 'the access token is malformed', zh: 'access_token 不合法', advice: 'refresh' },
  40029: {
    en: 'the code is wrong, used before or older than five minutes',
    zh: 'code 无效、已用过或已过期',
    advice: 'ask the user',
  },
  40097: { en: 'an argument is wrong', zh: '参数错误', advice: 'fix the request' },
  40125: { en: 'the AppSecret is wrong', zh: 'AppSecret 无效', advice: 'fix the settings' },
  40129: {
    en: 'the scene has characters or a length that WeChat refuses',
    zh: 'scene 不合法',
    advice: 'fix the request',
  },
  40159: { en: 'the path is empty or too long', zh: 'path 为空或过长', advice: 'fix the request' },
  40164: {
    en: 'the address of this server is not in the IP allow-list of the application',
    zh: '调用方 IP 不在白名单',
    advice: 'fix the settings',
  },
  40169: {
    en: 'the scene is too long or has characters that WeChat refuses',
    zh: 'scene 不合法',
    advice: 'fix the request',
  },
  40226: {
    en: 'WeChat rates this user a high risk and blocks the login',
    zh: '高风险用户，登录被拦截',
    advice: 'ask the user',
  },
  40243: {
    en: 'the AppSecret is frozen; unfreeze it in the console',
    zh: 'AppSecret 已被冻结',
    advice: 'fix the settings',
  },
  41030: {
    en: 'the page does not exist in the published version',
    zh: 'page 不存在于线上版本',
    advice: 'fix the request',
  },
  42001: { en: 'the access token has expired', zh: 'access_token 已过期', advice: 'refresh' },
  45009: { en: 'the quota of this API is used up', zh: '接口调用超过限额', advice: 'wait' },
  45011: {
    en: 'called too often; the next minute has room again',
    zh: '频率受限，下一分钟再试',
    advice: 'wait',
  },
  45029: {
    en: 'the number of codes an application may ever make is reached',
    zh: '生成码数量已达上限',
    advice: 'contact the provider',
  },
  48001: {
    en: 'the application has no permission for this API',
    zh: '没有该接口的权限',
    advice: 'fix the settings',
  },
  61024: {
    en: 'the application belongs to a third-party platform, which must fetch its tokens',
    zh: '第三方平台账号须由平台获取 token',
    advice: 'fix the settings',
  },
  85096: {
    en: 'scancode_time is reserved by WeChat',
    zh: 'scancode_time 为保留参数',
    advice: 'fix the request',
  },
}
