#!/usr/bin/env bash
# Guess: WeChat Pay's Java SDK throws, or keeps the text, where a transaction has a trade_state that
#        this version of it does not know.
# Seen:  com.github.wechatpay-apiv3:wechatpay-java 0.2.17 reads it as null, as if WeChat had said
#        nothing; the text is gone. Its own toString and JSON leave the field out.
# Why it matters here: a service of the merchant's that passes such a transaction on to ours passes
#        it on without a state. An unknown state is read here as unknown, kept in the platform's
#        own word, and never taken for paid.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
cat > pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
<dependencies><dependency><groupId>com.github.wechatpay-apiv3</groupId><artifactId>wechatpay-java</artifactId><version>0.2.17</version></dependency></dependencies></project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >/dev/null
cat > Run.java <<'JAVA'
import com.wechat.pay.java.core.util.GsonUtil;
import com.wechat.pay.java.service.payments.model.Transaction;
public class Run {
  public static void main(String[] args) {
    for (String state : new String[] {"SUCCESS", "PARTLY_FROZEN"}) {
      Transaction read = GsonUtil.getGson().fromJson("{\"out_trade_no\":\"A1\",\"trade_state\":\"" + state + "\"}", Transaction.class);
      System.out.println(state + " -> " + read.getTradeState() + ", written again " + GsonUtil.toJson(read));
      if ((read.getTradeState() == null) != state.equals("PARTLY_FROZEN")) throw new AssertionError("it changed");
    }
  }
}
JAVA
java -cp 'lib/*' Run.java
