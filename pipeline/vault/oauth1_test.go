package vault

import (
	"net/url"
	"testing"
	"time"

	"pamsync/schemas"
)

func address(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// TestSignatureBaseOfRFC5849 is the example of 3.4.1.1, whose parameters come from the address, a
// form and the header.
func TestSignatureBaseOfRFC5849(t *testing.T) {
	u := address(t, "http://EXAMPLE.com:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b")
	got := signatureBase("post", u, []pair{{"c2", ""}, {"a3", "2 q"}, {"oauth_consumer_key", "9djdj82h48djs9d2"}, {"oauth_token", "kkk9d7dh3k39sjv7"},
		{"oauth_signature_method", "HMAC-SHA1"}, {"oauth_timestamp", "137131201"}, {"oauth_nonce", "7d8f3e4a"}})
	want := "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26" +
		"oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
	if got != want {
		t.Errorf("%s\nis not\n%s", got, want)
	}
}

func TestBaseAddress(t *testing.T) {
	for in, want := range map[string]string{
		"http://EXAMPLE.COM:80/r%20v/X?id=123":    "http://example.com/r%20v/X",
		"https://www.example.net:8080/?q=1":       "https://www.example.net:8080/",
		"https://vault.example:443":               "https://vault.example/",
		"https://vault.example:80/api/pam/device": "https://vault.example:80/api/pam/device",
	} {
		if got := baseAddress(address(t, in)); got != want {
			t.Errorf("%s: %s, wanted %s", in, got, want)
		}
	}
}

// TestKnownSignatures are the examples of RFC 5849, 1.2, and of OAuth Core 1.0, appendix A.5.
func TestKnownSignatures(t *testing.T) {
	u := address(t, "http://photos.example.net/photos?file=vacation.jpg&size=original")
	params := []pair{{"oauth_consumer_key", "dpf43f3p2l4k3l03"}, {"oauth_token", "nnch734d00sl2jdk"}, {"oauth_signature_method", "HMAC-SHA1"}}
	for _, c := range []struct {
		more []pair
		want string
	}{
		{[]pair{{"oauth_timestamp", "137131202"}, {"oauth_nonce", "chapoH"}}, "MdpQcU8iPSUjWoN/UDMsK2sui9I="},
		{[]pair{{"oauth_timestamp", "1191242096"}, {"oauth_nonce", "kllo9940pd9333jh"}, {"oauth_version", "1.0"}}, "tR3+Ty81lMeYAr/Fid0kMTYa/WM="},
	} {
		base := signatureBase("GET", u, append(params[:len(params):len(params)], c.more...))
		if got := hmacSHA1(base, schemas.NewSecret("kd94hf93k423kf44"), schemas.NewSecret("pfkkdhi9sl3r4s00")); got != c.want {
			t.Errorf("%s, wanted %s\n%s", got, c.want, base)
		}
	}
}

// TestSignedHeader: what stands in the header is the signature over all its other members.
func TestSignedHeader(t *testing.T) {
	config := schemas.VaultConfig{URL: "https://photos.example.net", ClientID: "dpf43f3p2l4k3l03", ClientSecret: schemas.NewSecret("kd94hf93k423kf44")}
	config.Auth, config.OAuthToken, config.OAuthTokenSecret = schemas.AuthOAuth1, schemas.NewSecret("nnch734d00sl2jdk"), schemas.NewSecret("pfkkdhi9sl3r4s00")
	c, err := Connect(config)
	if err != nil {
		t.Fatal(err)
	}
	got := c.signed("GET", address(t, "http://photos.example.net/photos?file=vacation.jpg&size=original"), time.Unix(1191242096, 0), "kllo9940pd9333jh")
	want := `OAuth oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="nnch734d00sl2jdk", oauth_signature_method="HMAC-SHA1", oauth_timestamp="1191242096", ` +
		`oauth_nonce="kllo9940pd9333jh", oauth_version="1.0", oauth_signature="tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWM%3D"`
	if got != want {
		t.Errorf("%s\nis not\n%s", got, want)
	}
}
