package vault_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"testing"

	"pamsync/pipeline/vault"
	"pamsync/schemas"
)

// deviceList is a vault's list of n devices.
func deviceList(n int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"response":{"status":200,"message":"%d devices found","error":false},"devices":[`, n)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":"%d","hostname":"srv-db-%06d.lab.example.net","ip":"10.%d.%d.%d","model":"Windows Server 2019","type":"Server","vendor":"Microsoft","site":"S\u00e3o Paulo"}`,
			i, i, i>>16, i>>8&255, i&255)
	}
	b.WriteString("]}")
	return b.Bytes()
}

// BenchmarkDevices lists 100,000 devices over loopback HTTP; the server's share is in its time.
func BenchmarkDevices(b *testing.B) {
	const n = 100_000
	list := deviceList(n)
	server := httptest.NewServer(answers(200, string(list)))
	defer server.Close()
	client, err := vault.Connect(config(server.URL))
	if err != nil {
		b.Fatal(err)
	}
	reader := client.Reader()
	b.SetBytes(int64(len(list)))
	b.ReportAllocs()
	for b.Loop() {
		listing, err := reader.Devices(context.Background(), func(*schemas.Device) error { return nil })
		if err != nil || listing.Read != n {
			b.Fatal(listing, err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// TestRecordsOfALongList: every record of a list that is many times as long as what is held of
// it comes as it is, whole.
func TestRecordsOfALongList(t *testing.T) {
	const n = 20_000
	client := connect(t, config(serve(t, answers(200, string(deviceList(n))))))
	i := 0
	_, err := client.Reader().Devices(context.Background(), func(d *schemas.Device) error {
		want := schemas.Device{ID: fmt.Sprint(i), Hostname: fmt.Sprintf("srv-db-%06d.lab.example.net", i), IP: fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255),
			Model: "Windows Server 2019", Type: "Server", Vendor: "Microsoft", Site: "São Paulo"}
		if *d != want {
			t.Fatalf("%+v, not %+v", *d, want)
		}
		i++
		return nil
	})
	if err != nil || i != n {
		t.Error(i, err)
	}
}
