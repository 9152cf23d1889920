package schemas

// V2Credential is what API v2 (4.2.2 and later) tells of a credential that the v1 lists do not
// (vault-api a.7): nothing of it is sensitive, and reading it takes no custody.
type V2Credential struct {
	ID          string   `json:"id"`
	Username    string   `json:"username"`
	Device      string   `json:"device,omitempty"`
	Status      string   `json:"status,omitempty"` // active or inactive, "" where it is not told
	Tags        []string `json:"tags"`
	Owner       string   `json:"owner,omitempty"`
	Criticality string   `json:"criticality,omitempty"`
	Type        string   `json:"password_type,omitempty"`
	LastUsed    string   `json:"last_used_at,omitempty"`
}
