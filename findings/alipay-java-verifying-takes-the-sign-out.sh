#!/usr/bin/env bash
# Guess: AlipaySignature.rsaCheckV1(params, key, charset, type) of Alipay's Java SDK only reads the
#        fields it verifies.
# Seen:  4.40.133.ALL takes `sign` and `sign_type` out of the caller's map, so the same notice,
#        verified a second time (a filter first, the handler next), is no longer authentic.
# Why it matters here: who forwards a verified notice to another service, ours among them, forwards
#        it without its signature. Our own calls never change what they are given.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
cat > pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
<dependencies><dependency><groupId>com.alipay.sdk</groupId><artifactId>alipay-sdk-java</artifactId><version>4.40.133.ALL</version></dependency></dependencies></project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >/dev/null
cat > Run.java <<'JAVA'
import com.alipay.api.internal.util.AlipaySignature;
import java.security.*;
import java.util.*;
public class Run {
  public static void main(String[] args) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    Map<String, String> notice = new TreeMap<>(Map.of("app_id", "2021000000000000", "out_trade_no", "A1", "total_amount", "0.01"));
    StringBuilder text = new StringBuilder();
    notice.forEach((name, value) -> text.append(text.length() == 0 ? "" : "&").append(name).append('=').append(value));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(pair.getPrivate());
    signature.update(text.toString().getBytes("utf-8"));
    notice.put("sign", Base64.getEncoder().encodeToString(signature.sign()));
    notice.put("sign_type", "RSA2");
    String key = Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
    boolean first = AlipaySignature.rsaCheckV1(notice, key, "utf-8", "RSA2");
    System.out.println("first: " + first + ", then the map holds " + notice.keySet());
    String second;
    try {
      second = String.valueOf(AlipaySignature.rsaCheckV1(notice, key, "utf-8", "RSA2"));
    } catch (Exception e) {
      second = e.getClass().getSimpleName();
    }
    System.out.println("second: " + second);
    if (!first || notice.containsKey("sign") || second.equals("true")) throw new AssertionError("it changed");
  }
}
JAVA
java -cp 'lib/*' Run.java 2>/dev/null
