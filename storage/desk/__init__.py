"""What people do at the desk: drafts, approvals taken back, pages rearranged, remarks, rescans."""
