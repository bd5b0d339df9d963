import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { cachedFolder } from '../cachedFolder.js'
import { type ChildServer, startChild } from './childServer.js'

export const JAVA_SERVER_VERSION = '1.47.0'

const run = promisify(execFile)
const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java'

const COPY_JARS = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies'

/** Beside the server and what it logs with, a compiler: a machine that has Maven may have a JRE without javac. */
const ARTIFACTS = [
  ['de.bwaldvogel', 'mongo-java-server', JAVA_SERVER_VERSION],
  ['org.slf4j', 'slf4j-simple', '2.0.17'],
  ['org.eclipse.jdt', 'ecj', '3.33.0'],
] as const

const dependency = ([group, artifact, version]: (typeof ARTIFACTS)[number]) =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>test</groupId><artifactId>mongo</artifactId><version>1</version>
<dependencies>${ARTIFACTS.map(dependency).join('')}</dependencies></project>`

/**
 * One worker thread carries out all commands one after another, so each is atomic as in mongod. The driver refuses
 * the server's default version; 5.0 is the newest it offers. At the end of its standard input it stops, so that it
 * does not outlive a test that was killed.
 */
const LAUNCHER = `import de.bwaldvogel.mongo.*;
public class Launcher {
  public static void main(String[] args) throws Exception {
    MongoBackend backend = new de.bwaldvogel.mongo.backend.memory.MemoryBackend();
    MongoServer server = new MongoServer(backend.version(ServerVersion.MONGO_5_0));
    server.bind(new java.net.InetSocketAddress("127.0.0.1", 0), 1, 1);
    System.out.println("listening on port " + server.getLocalAddress().getPort() + ".");
    while (System.in.read() != -1) {}
    System.exit(0);
  }
}`

/** Starts mongo-java-server, which keeps everything in memory; needs Java and, the first time, Maven. */
export async function startJavaServer(): Promise<ChildServer> {
  const folder = await builtServer()
  const jvm = [
    '-Xmx1g',
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
  ]
  const classes = `${folder}${delimiter}${join(folder, 'lib')}/*`
  return startChild(java, [...jvm, '-cp', classes, 'Launcher'], /listening on port (\d+)\./)
}

/** The folder with the server, which lies in the cache under the digest of all that went into it. */
function builtServer(): Promise<string> {
  const digest = createHash('sha256').update(POM).update(LAUNCHER).digest('hex').slice(0, 12)
  return cachedFolder(`mongo-java-server-${JAVA_SERVER_VERSION}-${digest}`, build)
}

async function build(folder: string): Promise<void> {
  await writeFile(join(folder, 'pom.xml'), POM)
  await writeFile(join(folder, 'Launcher.java'), LAUNCHER)
  const there = { cwd: folder, timeout: 300_000 }
  await run('mvn', ['-q', '-B', '-C', COPY_JARS, '-DoutputDirectory=lib'], there)
  const jars = (await readdir(join(folder, 'lib'))).map((name) => join('lib', name))
  const compiler = jars.find((name) => name.includes('ecj-')) ?? 'ecj.jar'
  const options = ['-17', '-nowarn', '-proc:none', '-d', '.', '-cp', jars.join(delimiter)]
  await run(java, ['-jar', compiler, ...options, 'Launcher.java'], there)
  await rm(join(folder, compiler))
}
